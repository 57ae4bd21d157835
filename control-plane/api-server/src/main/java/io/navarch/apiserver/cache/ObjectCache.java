package io.navarch.apiserver.cache;

import io.navarch.model.AnyObject;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.CustomObjects;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.types.Schema;
import io.navarch.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All objects below one storage prefix, and their latest changes.
///
/// Reads take the current [Snapshot] without a lock. Everything that replaces it holds the cache's monitor, on which
/// those who wait for a revision or an object sleep.
public final class ObjectCache {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectCache.class);

    /// The pages of a long list all come from the state of its first page; this many such states are held on to.
    private static final int KEPT = 8;

    /// A state, and how much had been replaced here when it was current: what has been since, it alone holds on to.
    private record Kept(Snapshot snapshot, long replaced) {}

    private volatile KindDefinition kind;
    private volatile Snapshot state = new Snapshot(0, SortedTree.empty());
    private final Map<Long, Kept> kept = new LinkedHashMap<>();
    private final Room room;
    private final ChangeLog changes;
    /// Of all objects, encoded.
    private volatile long bytes;

    /// Of all objects that have been replaced or removed.
    private long replaced;

    private boolean closed;

    public ObjectCache(KindDefinition kind) {
        this(kind, Room.ofHeap(1 << 30));
    }

    ObjectCache(KindDefinition kind, Room room) {
        this.kind = kind;
        this.room = room;
        changes = new ChangeLog(room);
    }

    /// The definition whose version objects are stored in.
    public KindDefinition kind() {
        return kind;
    }

    /// Takes in everything that is stored, as of one revision.
    ///
    /// @param pages in key order, all of the same revision, at least one
    synchronized void load(Iterable<Store.Range> pages) {
        var objects = SortedTree.<StoredObject>empty();
        long revision = 0;
        for (var page : pages) {
            objects = with(objects, page.entries());
            revision = page.revision();
        }
        state = new Snapshot(revision, objects);
        count();
        changes.startAt(revision);
        notifyAll();
    }

    private void count() {
        long all = 0;
        for (var stored : state.below(kind.storagePrefix())) all += stored.json().length;
        bytes = all;
    }

    private SortedTree<StoredObject> with(SortedTree<StoredObject> objects, List<Store.KeyValue> entries) {
        var result = objects;
        for (var entry : entries) {
            var stored = read(entry.key(), entry.value(), entry.modRevision(), false);
            if (stored.isPresent()) result = result.put(entry.key(), stored.get());
        }
        return result;
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
        state = new Snapshot(state.revision(), state.objects().remove(key));
        count();
    }

    /// Reads objects by another definition of the same stored version from now on: new defaults show on objects that
    /// were stored before, and fields that are no longer known do not.
    ///
    /// @param pages what is stored; objects that changed since are left to the changes that follow
    synchronized void redefine(KindDefinition definition, Iterable<Store.Range> pages) {
        kind = definition;
        var current = state.objects();
        var objects = current;
        for (var page : pages) {
            var unchanged = page.entries().stream()
                    .filter(entry -> {
                        var known = current.get(entry.key());
                        return known != null && known.revision() == entry.modRevision();
                    })
                    .toList();
            objects = with(objects, unchanged);
        }
        state = new Snapshot(state.revision(), objects);
        count();
        kept.clear();
    }

    /// One object that cannot be read, whoever wrote it, must not take all others with it.
    private Optional<StoredObject> read(String key, byte[] value, long at, boolean fresh) {
        try {
            if (kind.custom()) return Optional.of(completed(key, value, at));
            return Optional.of(
                    fresh ? StoredObject.fresh(key, value, at, kind) : StoredObject.loaded(key, value, at, kind));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{} cannot be read and is left out: {}", key, e.toString());
            return Optional.empty();
        }
    }

    /// An object as it was stored once, in the form in which this cache has those that are.
    public StoredObject ofStore(Store.KeyValue entry) {
        return kind.custom()
                ? completed(entry.key(), entry.value(), entry.modRevision())
                : StoredObject.of(entry.key(), entry.value(), entry.modRevision(), kind);
    }

    /// A custom resource has the form of the stored version. One that was stored in another version is brought into
    /// that, unless somebody else has to be asked: then it stays what it is until it is read.
    private StoredObject completed(String key, byte[] value, long at) {
        var tree = Json.parseMap(value);
        var before = Trees.copy(tree);
        var kept = kind.apiVersion(kind.storage().name());
        var own = View.of(tree).get(AnyObject.API_VERSION).string();
        CustomObjects.form(tree, form(own));
        if (!own.equals(kept) && kind.converter().isEmpty()) {
            tree.put(AnyObject.API_VERSION, kept);
            CustomObjects.shape(tree, kind.storage().schema());
        }
        return Trees.same(tree, before)
                ? StoredObject.of(key, value, at, kind, View.of(tree))
                : StoredObject.of(key, StoredObject.encode(tree), at, kind, View.of(tree));
    }

    private Schema form(String apiVersion) {
        return kind.versions().stream()
                .filter(version -> kind.apiVersion(version.name()).equals(apiVersion))
                .findFirst()
                .orElse(kind.storage())
                .schema();
    }

    /// Takes in the next entry of the log; entries it has seen already are skipped.
    public synchronized void apply(Store.Event event) {
        long revision = event.revision();
        if (revision <= state.revision()) return;
        var objects = state.objects();
        var previous = objects.get(event.key());
        var value = event.value();
        var current =
                value == null ? null : read(event.key(), value, revision, true).orElse(null);
        if (value == null) objects = objects.remove(event.key());
        else if (current != null) objects = objects.put(event.key(), current);
        state = new Snapshot(revision, objects);
        if (value == null || current != null) bytes += length(current) - length(previous);
        if (previous != null || current != null) changes.append(new Change(revision, previous, current));
        else changes.advance(revision);
        replaced += length(previous);
        letGo();
        room.trim();
        notifyAll();
    }

    /// The log has moved on to this revision without a change here.
    synchronized void advance(long to) {
        if (to <= state.revision()) return;
        state = new Snapshot(to, state.objects());
        changes.advance(to);
        notifyAll();
    }

    public long revision() {
        return state.revision();
    }

    /// Waits until everything up to `wanted` has been seen; false when that did not happen in time.
    public boolean await(long wanted, long millis) throws InterruptedException {
        // Nearly always it has; then no lock is needed.
        return state.revision() >= wanted || await(() -> state.revision() >= wanted, millis);
    }

    /// Waits until there is an object with this key; false when none came in time.
    public boolean awaitObject(String key, long millis) throws InterruptedException {
        return await(() -> state.objects().get(key) != null, millis);
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

    public Optional<StoredObject> get(String key) {
        return Optional.ofNullable(state.objects().get(key));
    }

    public Snapshot snapshot() {
        return state;
    }

    /// Holds on to a state for the pages that follow; the oldest one is let go.
    public synchronized void keep(Snapshot snapshot) {
        // One that is no longer current may have lost something since: it counts from now on all the same.
        kept.putIfAbsent(snapshot.revision(), new Kept(snapshot, replaced));
        if (kept.size() > KEPT) kept.remove(kept.keySet().iterator().next());
    }

    /// Lets go of states that hold on to too much; their pages come from the store.
    private void letGo() {
        kept.values().removeIf(each -> replaced - each.replaced > room.ofStates());
    }

    /// The state at a revision, as long as it is still there.
    public synchronized Optional<Snapshot> at(long wanted) {
        return wanted == state.revision()
                ? Optional.of(state)
                : Optional.ofNullable(kept.get(wanted)).map(Kept::snapshot);
    }

    /// Lets go of states of revisions that the store has forgotten.
    synchronized void forget(long compacted) {
        kept.keySet().removeIf(held -> held <= compacted);
    }

    public List<StoredObject> all() {
        var result = new ArrayList<StoredObject>();
        state.below(kind.storagePrefix()).forEach(result::add);
        return result;
    }

    /// How often something here has changed since the cache was made.
    public long changes() {
        return changes.added();
    }

    /// How many follow the changes.
    int followers() {
        return changes.followers();
    }

    private static long length(@Nullable StoredObject stored) {
        return stored == null ? 0 : stored.json().length;
    }

    /// The length of all objects together, encoded.
    public long bytes() {
        return bytes;
    }

    public int size() {
        return state.objects().size();
    }

    synchronized void wake() {
        notifyAll();
        changes.wake();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
        changes.close();
    }

    /// A reader of the changes after a revision that concern a selection.
    ///
    /// @throws ExpiredException when changes after it are no longer kept
    public Cursor cursor(long after, Selection selection) {
        return Cursor.open(changes, after, selection);
    }

    /// A reader of all changes after a revision.
    public Cursor cursor(long after) {
        return cursor(after, Selection.all(kind.storagePrefix()));
    }
}
