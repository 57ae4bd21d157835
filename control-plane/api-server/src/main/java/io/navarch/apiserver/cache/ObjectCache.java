package io.navarch.apiserver.cache;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.walk.Defaulting;
import io.navarch.schema.walk.Pruning;
import io.navarch.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All objects below one storage prefix, and the last changes of them. Watchers are cursors on the changes: there is no
/// queue per watcher, and one that is too slow finds its place overwritten and gets `Expired`.
public final class ObjectCache {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectCache.class);

    /// So many changes are kept for watchers; a watcher further behind must list again.
    private static final int WINDOW = 4096;

    /// A change. `previous` is the object before it, `null` for an addition; `object` after it, `null` for a deletion.
    public record Change(long revision, StoredObject previous, StoredObject object) {}

    private volatile KindDefinition kind;
    /// Pages of long lists are taken from the same state as the first one; so many states are kept for that.
    private static final int KEPT = 8;

    private volatile Snapshot state = new Snapshot(0, SortedTree.empty());
    private final Map<Long, Snapshot> kept = new LinkedHashMap<>();
    private final Change[] window = new Change[WINDOW];
    private final WatcherIndex followers = new WatcherIndex();
    private long added;
    private long first;
    private long startRevision;
    private long revision;
    private boolean closed;

    public ObjectCache(KindDefinition kind) {
        this.kind = kind;
    }

    /// The definition whose version objects are stored in.
    public KindDefinition kind() {
        return kind;
    }

    /// Takes in what there is as of one revision.
    ///
    /// @param pages in key order, all of the same revision, at least one
    synchronized void load(Iterable<Store.Range> pages) {
        var objects = SortedTree.<StoredObject>empty();
        for (var page : pages) {
            for (var entry : page.entries()) {
                var stored = readable(entry.key(), entry.value(), entry.modRevision(), false);
                if (stored != null) objects = objects.put(stored.key(), stored);
            }
            revision = page.revision();
        }
        state = new Snapshot(revision, objects);
        startRevision = revision;
        notifyAll();
    }

    /// Whether an object can be read; one that was loaded and cannot is left out from now on.
    public boolean readable(StoredObject stored) {
        if (stored.readable()) return true;
        try {
            stored.read();
            return true;
        } catch (Json.MalformedException e) {
            leaveOut(stored.key(), e);
            return false;
        }
    }

    private synchronized void leaveOut(String key, Json.MalformedException e) {
        LOG.error("{} cannot be read and is left out: {}", key, e.getMessage());
        state = new Snapshot(revision, state.objects.remove(key));
    }

    /// From now on objects are read by another definition of the same stored version: what has come to be a default is
    /// shown, also of objects that were stored before, and fields that are no longer known are not.
    ///
    /// @param range what is stored; objects that changed since are left to the changes that follow
    public synchronized void redefine(KindDefinition definition, Store.Range range) {
        kind = definition;
        var objects = state.objects;
        for (var entry : range.entries()) {
            var known = objects.get(entry.key());
            if (known == null || known.revision() != entry.modRevision()) continue;
            var stored = readable(entry.key(), entry.value(), entry.modRevision(), false);
            if (stored != null) objects = objects.put(entry.key(), stored);
        }
        state = new Snapshot(revision, objects);
        kept.clear();
    }

    /// One object that cannot be read, whoever wrote it, must not take all others with it.
    private StoredObject readable(String key, byte[] value, long at, boolean fresh) {
        try {
            if (kind.custom()) return completed(key, value, at);
            return fresh ? StoredObject.fresh(key, value, at, kind) : StoredObject.loaded(key, value, at, kind);
        } catch (Json.MalformedException e) {
            LOG.error("{} cannot be read and is left out: {}", key, e.getMessage());
            return null;
        }
    }

    private StoredObject completed(String key, byte[] value, long at) {
        var tree = Json.parse(value);
        var before = Trees.copy(View.of(tree).map());
        Pruning.prune(tree, kind.storage().schema(), "", new ArrayList<>());
        Defaulting.apply(tree, kind.storage().schema());
        return Trees.same(tree, before)
                ? StoredObject.of(key, value, at, kind, View.of(tree))
                : StoredObject.of(key, StoredObject.encode(View.of(tree).map()), at, kind, View.of(tree));
    }

    public synchronized void apply(Store.Event event) {
        if (event.revision() <= revision) return;
        var objects = state.objects;
        var previous = objects.get(event.key());
        StoredObject current = null;
        if (event.deletion()) objects = objects.remove(event.key());
        else {
            current = readable(event.key(), event.value(), event.revision(), true);
            if (current != null) objects = objects.put(event.key(), current);
        }
        revision = event.revision();
        state = new Snapshot(revision, objects);
        if (previous != null || current != null) {
            var change = new Change(event.revision(), previous, current);
            window[(int) (added++ % WINDOW)] = change;
            first = Math.max(first, added - WINDOW);
            followers.changed(change, added - 1);
        }
        notifyAll();
    }

    /// The log has gone on to this revision without a change here.
    synchronized void advance(long to) {
        if (to <= revision) return;
        revision = to;
        state = new Snapshot(to, state.objects);
        notifyAll();
    }

    public long revision() {
        return state.revision;
    }

    /// Waits until everything up to `wanted` has been seen; false when that did not happen in time.
    public boolean await(long wanted, long millis) throws InterruptedException {
        return await(() -> revision >= wanted, millis);
    }

    /// Waits until there is an object with this key; false when none came in time.
    public boolean awaitObject(String key, long millis) throws InterruptedException {
        return await(() -> get(key) != null, millis);
    }

    private synchronized boolean await(BooleanSupplier reached, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (!reached.getAsBoolean() && !closed) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) return false;
            wait(left);
        }
        return true;
    }

    public StoredObject get(String key) {
        return state.objects.get(key);
    }

    /// Everything there is, as of a revision; it stays as it is.
    public record Snapshot(long revision, SortedTree<StoredObject> objects) {
        /// Objects whose key starts with `prefix`, in key order.
        public Iterable<StoredObject> below(String prefix) {
            return objects.range(prefix, Store.prefixEnd(prefix));
        }
    }

    public Snapshot snapshot() {
        return state;
    }

    /// Holds on to a state for the pages that follow; the oldest one is let go.
    public synchronized void keep(Snapshot snapshot) {
        kept.putIfAbsent(snapshot.revision, snapshot);
        if (kept.size() > KEPT) kept.remove(kept.keySet().iterator().next());
    }

    /// The state at a revision if it is still there, else `null`.
    public synchronized Snapshot at(long wanted) {
        return wanted == state.revision ? state : kept.get(wanted);
    }

    /// Lets go of states of revisions that the store has forgotten.
    public synchronized void forget(long compacted) {
        kept.keySet().removeIf(held -> held <= compacted);
    }

    public List<StoredObject> all() {
        var result = new ArrayList<StoredObject>();
        state.below(kind.storagePrefix()).forEach(result::add);
        return result;
    }

    /// How often something here has changed since the cache was made.
    public synchronized long changes() {
        return added;
    }

    /// How many follow the changes.
    public synchronized int following() {
        return followers.size();
    }

    public int size() {
        return state.objects.size();
    }

    public synchronized void wake() {
        notifyAll();
        followers.wake();
    }

    public synchronized void close() {
        closed = true;
        wake();
    }

    /// A place in the changes, after `revision`, for somebody whom only some of them concern.
    ///
    /// @throws ExpiredException when changes after it are no longer kept
    public synchronized Cursor cursor(long after, Selection selection) {
        // Between the load and the first kept change nothing is missing; after an overwrite the oldest kept decides.
        long oldest = first == 0 ? startRevision : window[(int) (first % WINDOW)].revision;
        if (after < (first == 0 ? oldest : oldest - 1)) throw new ExpiredException(after, oldest);
        long low = first;
        long high = added;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (window[(int) (middle % WINDOW)].revision <= after) low = middle + 1;
            else high = middle;
        }
        var cursor = new Cursor(low, after, selection);
        followers.add(cursor);
        return cursor;
    }

    /// A place in all changes.
    public Cursor cursor(long after) {
        return cursor(after, Selection.all(kind.storagePrefix()));
    }

    public static final class ExpiredException extends RuntimeException {
        public ExpiredException(long asked, long oldest) {
            super("too old resource version: " + asked + " (" + oldest + ")");
        }
    }

    /// Somebody's place in the changes. Until it is told of a change that concerns its selection it has nothing to
    /// read, however many others there are.
    public final class Cursor implements WatcherIndex.Follower, AutoCloseable {
        /// What the client has already, or will have before it wants to be told.
        private final long after;

        private final Selection selection;
        private long next;
        private volatile boolean told;

        private Cursor(long next, long after, Selection selection) {
            this.next = next;
            this.after = after;
            this.selection = selection;
            told = next < added;
        }

        @Override
        public Selection selection() {
            return selection;
        }

        @Override
        public void tell(Change change, long index) {
            if (told || !concerned(change.previous) && !concerned(change.object)) return;
            next = index;
            told = true;
            wake();
        }

        private boolean concerned(StoredObject object) {
            return object != null && selection.matches(object);
        }

        @Override
        public synchronized void wake() {
            notifyAll();
        }

        private synchronized void await(long millis, BooleanSupplier ending) throws InterruptedException {
            if (!told && !closed && !ending.getAsBoolean()) wait(millis);
        }

        /// The next changes, or none when none came in time; `null` when the resource is no longer served.
        public Batch poll(long millis) throws InterruptedException {
            return poll(millis, () -> false);
        }

        /// @param ending once it is true nobody waits any more
        public Batch poll(long millis, BooleanSupplier ending) throws InterruptedException {
            await(millis, ending);
            synchronized (ObjectCache.this) {
                if (closed) return null;
                if (!told) return new Batch(List.of(), Math.max(after, revision));
                if (next < first)
                    throw new ExpiredException(
                            window[(int) (first % WINDOW)].revision - 1, window[(int) (first % WINDOW)].revision);
                var changes = new ArrayList<Change>();
                long reached = after;
                for (int i = 0; i < 500 && next < added; i++) {
                    var change = window[(int) (next++ % WINDOW)];
                    reached = change.revision;
                    if (reached > after) changes.add(change);
                }
                told = next < added;
                return new Batch(changes, Math.max(after, told ? reached : revision));
            }
        }

        @Override
        public void close() {
            synchronized (ObjectCache.this) {
                followers.remove(this);
            }
        }
    }

    /// Changes, and the revision up to which everything is in them.
    public record Batch(List<Change> changes, long revision) {}
}
