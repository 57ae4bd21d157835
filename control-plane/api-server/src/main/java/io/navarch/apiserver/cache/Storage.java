package io.navarch.apiserver.cache;

import io.navarch.process.Fatal;
import io.navarch.process.TaskScope;
import io.navarch.schema.KindDefinition;
import io.navarch.store.Store;
import io.navarch.store.StoreClosedException;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The store and the caches over it: one reader follows the log and hands each entry to the cache it belongs to.
public final class Storage {
    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
    private static final String ROOT = "/registry/";

    /// The number of changes from before the start that are replayed, so that watches that a restart has ended
    /// can resume from where they were.
    private static final long REPLAYED = 1000;

    private static final int PAGE = 1000;

    /// How long compaction waits for a cache that has not read everything yet.
    private static final long LATE_MILLIS = 5000;

    /// History that is larger is forgotten before its time has come.
    private static final long HISTORY_BYTES = 256L << 20;

    private final Store store;
    private final Fatal fatal;
    private final HistorySize history;
    private final Room room;
    private final ShownObjects shown;
    /// The revision that caches are loaded at; 0 means now.
    private volatile long loadedAt;
    private final ConcurrentSkipListMap<String, ObjectCache> caches = new ConcurrentSkipListMap<>();

    public Storage(Store store) {
        this(store, Runtime.getRuntime().maxMemory());
    }

    /// @param heap how much memory there is for everything
    public Storage(Store store, long heap) {
        this(store, Fatal.process(), HISTORY_BYTES, Room.ofHeap(heap), new ShownObjects(heap / 64));
    }

    /// @param fatal is told when the caches can no longer follow the store
    Storage(Store store, Fatal fatal, long historyBytes, Room room) {
        this(store, fatal, historyBytes, room, new ShownObjects(1 << 20));
    }

    private Storage(Store store, Fatal fatal, long historyBytes, Room room, ShownObjects shown) {
        this.room = room;
        this.shown = shown;
        this.store = store;
        this.fatal = fatal;
        history = new HistorySize(historyBytes);
        loadedAt = Math.max(1, Math.max(store.compacted(), store.revision() - REPLAYED));
    }

    /// Objects as versions show them that somebody else had to be asked for.
    public ShownObjects shown() {
        return shown;
    }

    public Store store() {
        return store;
    }

    /// Those that are loaded.
    Collection<ObjectCache> caches() {
        return caches.values();
    }

    /// The cache of a kind's objects; the first kind that names a storage prefix decides the stored version.
    public ObjectCache cache(KindDefinition kind) {
        var known = caches.get(kind.storagePrefix());
        return known != null ? known : load(kind);
    }

    private synchronized ObjectCache load(KindDefinition kind) {
        var known = caches.get(kind.storagePrefix());
        if (known != null) return known;
        var cache = new ObjectCache(kind, room);
        cache.load(() -> pages(kind.storagePrefix(), loadedAt));
        caches.put(kind.storagePrefix(), cache);
        return cache;
    }

    /// A prefix's objects a page at a time: while one is taken in, the next is being read; no page outlives that.
    private Iterator<Store.Range> pages(String prefix, long at) {
        var end = Store.prefixEnd(prefix);
        return new Iterator<>() {
            private @Nullable CompletableFuture<Store.Range> next =
                    CompletableFuture.completedFuture(store.range(prefix, end, at, PAGE));

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Store.Range next() {
                var reading = next;
                if (reading == null) throw new NoSuchElementException();
                var page = reading.join();
                next = page.more()
                        ? CompletableFuture.supplyAsync(
                                () -> store.range(page.entries().getLast().key() + "\0", end, page.revision(), PAGE))
                        : null;
                return page;
            }
        };
    }

    /// Forgets the cache of a kind; it is loaded anew, with whatever definition then asks for it.
    public synchronized void drop(KindDefinition kind) {
        var cache = caches.remove(kind.storagePrefix());
        if (cache != null) cache.close();
    }

    /// Begins anew with the objects of a kind, whose stored version is another one now: those who watch have to list
    /// again.
    public synchronized void renew(KindDefinition kind) {
        drop(kind);
        load(kind);
    }

    /// Reads a prefix's objects by another definition of the same stored version.
    public synchronized void redefine(KindDefinition kind) {
        var cache = caches.get(kind.storagePrefix());
        if (cache != null) cache.redefine(kind, () -> pages(kind.storagePrefix(), 0));
    }

    /// Wakes everybody who waits for a change, so that they notice a shutdown.
    public void wake() {
        for (var cache : caches.values()) cache.wake();
    }

    public void start(TaskScope scope) {
        long from = store.revision() + 1;
        // Caches loaded before this line may have missed entries since; they skip those they know.
        for (var cache : caches.values()) from = Math.min(from, cache.revision() + 1);
        // Caches made from now on are loaded as of then.
        loadedAt = 0;
        long first = from;
        scope.startDuty("storage-tail", () -> follow(first));
    }

    /// Whoever reads the caches would never know that they have stopped, so the process does not outlive this.
    private void follow(long from) throws InterruptedException {
        try (var cursor = store.watch(ROOT, from)) {
            while (true) {
                for (var event : cursor.poll(Duration.ofSeconds(1))) {
                    history.add(event);
                    var entry = caches.floorEntry(event.key());
                    if (entry != null && event.key().startsWith(entry.getKey())) take(entry.getValue(), event);
                }
                for (var cache : caches.values()) cache.advance(cursor.reached());
            }
        } catch (StoreClosedException e) {
            LOG.debug("the store was closed");
        } catch (RuntimeException | Error e) {
            fatal.end("the watch caches' reader of the store", e);
        }
    }

    /// Nothing that is wrong with one object may stop the reader of all of them.
    private static void take(ObjectCache cache, Store.Event event) {
        try {
            cache.apply(event);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{} cannot be taken in: {}", event.key(), e.toString());
        }
    }

    /// Forgets the history before a revision, but nothing that the caches have yet to read.
    public void forget(long revision) throws InterruptedException {
        long seen = revision;
        for (var cache : caches.values()) if (!cache.await(seen, LATE_MILLIS)) seen = Math.min(seen, cache.revision());
        store.compact(seen);
        for (var cache : caches.values()) cache.forget(seen);
        history.forgotten(seen);
    }

    /// Forgets old revisions periodically and when there are too many, so that history does not grow without bound.
    ///
    /// @param interval zero: only when there are too many
    public void compactEvery(TaskScope scope, Duration interval) {
        scope.start("compaction", () -> {
            long previous = store.revision();
            while (true) {
                boolean full = history.await(interval.isZero() ? Long.MAX_VALUE : interval.toMillis());
                long upTo = full ? history.half() : previous;
                previous = store.revision();
                if (!compact(upTo)) return;
            }
        });
    }

    /// A full disk passes, and the next time comes.
    ///
    /// @return whether there will be a next time
    private boolean compact(long upTo) throws InterruptedException {
        try {
            forget(upTo);
            return true;
        } catch (StoreClosedException e) {
            return false;
        } catch (RuntimeException e) {
            LOG.error("the history up to revision {} cannot be forgotten now: {}", upTo, e.toString());
            return true;
        } catch (Error e) {
            fatal.end("the compaction of the history", e);
            throw e;
        }
    }
}
