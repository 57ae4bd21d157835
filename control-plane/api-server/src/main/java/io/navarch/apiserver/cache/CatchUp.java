package io.navarch.apiserver.cache;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Follows the objects of a cache for somebody who works something out from them, but only takes changes in when asked
/// to: that costs what has changed since the last time. Its user synchronizes.
public final class CatchUp {
    /// What is worked out.
    public interface Target {
        void clear();

        /// A new object, or one that has changed: then it has been removed before.
        void put(StoredObject object);

        /// @param key of an object that has gone or changed; it may not be known
        void remove(String key);
    }

    private final Supplier<ObjectCache> cache;
    private final String namespace;
    private final Target target;
    private @Nullable Cursor cursor;

    /// @param namespace whose objects are followed, `""` for all
    public CatchUp(Supplier<ObjectCache> cache, String namespace, Target target) {
        this.cache = cache;
        this.namespace = namespace;
        this.target = target;
    }

    public void run() {
        try {
            var open = cursor == null ? start() : cursor;
            while (true) {
                var changes = open.poll(1, () -> true).changes();
                if (changes.isEmpty()) return;
                for (var change : changes) {
                    var latest = change.latest();
                    if (!latest.key().startsWith(open.selection().prefix())) continue;
                    target.remove(latest.key());
                    if (!change.deletion()) target.put(latest);
                }
            }
        } catch (ExpiredException e) {
            // Nobody has asked for long: all that there is now is read again.
            close();
            run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Cursor start() {
        target.clear();
        var source = cache.get();
        var prefix = source.kind().storagePrefix() + (namespace.isEmpty() ? "" : namespace + "/");
        var snapshot = source.snapshot();
        var opened = source.cursor(snapshot.revision(), Selection.all(prefix));
        cursor = opened;
        for (var stored : snapshot.below(prefix)) target.put(stored);
        return opened;
    }

    /// Follows no longer; the next run begins anew.
    public void close() {
        if (cursor != null) cursor.close();
        cursor = null;
    }
}
