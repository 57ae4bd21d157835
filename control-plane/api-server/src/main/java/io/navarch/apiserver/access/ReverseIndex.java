package io.navarch.apiserver.access;

import io.navarch.apiserver.cache.Cursor;
import io.navarch.apiserver.cache.ExpiredException;
import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.apiserver.cache.StoredObject;
import io.navarch.schema.admission.Admission.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who names an object. It follows the changes of a cache, but only takes them in when somebody asks.
final class ReverseIndex {
    private final Supplier<ObjectCache> cache;
    private final Function<StoredObject, Entry> reader;
    /// By the key of the object that names others.
    private final Map<String, Entry> entries = new HashMap<>();
    /// How many objects of an owner name an object.
    private final Map<Reference, Map<String, Integer>> owners = new HashMap<>();
    private @Nullable Cursor cursor;

    /// @param owner whom what is named belongs to
    record Entry(String owner, Set<Reference> named) {}

    ReverseIndex(Supplier<ObjectCache> cache, Function<StoredObject, Entry> reader) {
        this.cache = cache;
        this.reader = reader;
    }

    synchronized Set<String> owners(Reference reference) {
        catchUp();
        return Set.copyOf(owners.getOrDefault(reference, Map.of()).keySet());
    }

    private void catchUp() {
        try {
            var open = cursor == null ? start() : cursor;
            while (true) {
                var changes = open.poll(1, () -> true).changes();
                if (changes.isEmpty()) return;
                for (var change : changes) {
                    remove(change.latest().key());
                    if (!change.deletion()) put(change.latest());
                }
            }
        } catch (ExpiredException e) {
            // Nobody has asked for long: all that there is now is read again.
            if (cursor != null) cursor.close();
            cursor = null;
            catchUp();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Cursor start() {
        entries.clear();
        owners.clear();
        var source = cache.get();
        var snapshot = source.snapshot();
        var opened = source.cursor(snapshot.revision());
        cursor = opened;
        for (var stored : snapshot.below(source.kind().storagePrefix())) put(stored);
        return opened;
    }

    private void put(StoredObject stored) {
        var entry = reader.apply(stored);
        if (entry.named().isEmpty()) return;
        entries.put(stored.key(), entry);
        for (var named : entry.named())
            owners.computeIfAbsent(named, each -> new HashMap<>()).merge(entry.owner(), 1, Integer::sum);
    }

    private void remove(String key) {
        var entry = entries.remove(key);
        if (entry == null) return;
        for (var named : entry.named()) {
            owners.computeIfPresent(named, (each, counts) -> {
                counts.computeIfPresent(entry.owner(), (owner, count) -> count == 1 ? null : count - 1);
                return counts.isEmpty() ? null : counts;
            });
        }
    }
}
