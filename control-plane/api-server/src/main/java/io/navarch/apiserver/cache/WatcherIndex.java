package io.navarch.apiserver.cache;

import io.navarch.objects.FieldSelector;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Who follows the changes of a cache, found by what they follow: a field with a value (a name, a node), a namespace,
/// or
/// everything. A change then costs as much as those it concerns, not as many as there are.
///
/// Used under the cache's lock.
final class WatcherIndex {
    /// Somebody who is told of changes, and looks at what they are later.
    interface Follower {
        Selection selection();

        /// @param index the change's number in the cache
        void tell(ObjectCache.Change change, long index);

        /// Lets it look around, though nothing has changed.
        void wake();
    }

    /// By the start of the keys of what they follow: a namespace's, or the kind's.
    private final Map<String, Set<Follower>> places = new HashMap<>();
    /// By a field's path, then its value; nobody who is here is in the places.
    private final Map<String, Map<String, Set<Follower>>> fields = new HashMap<>();

    public void add(Follower follower) {
        var term = pinned(follower.selection());
        var bucket = term == null
                ? places.computeIfAbsent(follower.selection().prefix(), key -> new LinkedHashSet<>())
                : fields.computeIfAbsent(term.path(), key -> new HashMap<>())
                        .computeIfAbsent(term.value(), key -> new LinkedHashSet<>());
        bucket.add(follower);
    }

    public void remove(Follower follower) {
        var term = pinned(follower.selection());
        if (term == null) {
            without(places, follower.selection().prefix(), follower);
            return;
        }
        var values = fields.get(term.path());
        if (values == null) return;
        without(values, term.value(), follower);
        if (values.isEmpty()) fields.remove(term.path());
    }

    private static void without(Map<String, Set<Follower>> buckets, String key, Follower follower) {
        var bucket = buckets.get(key);
        if (bucket != null && bucket.remove(follower) && bucket.isEmpty()) buckets.remove(key);
    }

    /// A term that says which value a field of the objects has.
    private static FieldSelector.Term pinned(Selection selection) {
        for (var term : selection.fields().terms())
            if (term.equal() && !term.path().equals("metadata.namespace")) return term;
        return null;
    }

    public void changed(ObjectCache.Change change, long index) {
        var key = (change.object() != null ? change.object() : change.previous()).key();
        int end = key.lastIndexOf('/') + 1;
        tell(places.get(key.substring(0, end)), change, index);
        int kind = key.lastIndexOf('/', end - 2) + 1;
        tell(places.get(key.substring(0, kind)), change, index);
        fields.forEach((path, values) -> {
            var before = change.previous() == null ? null : change.previous().field(path);
            var after = change.object() == null ? null : change.object().field(path);
            if (before != null) tell(values.get(before), change, index);
            if (after != null && !after.equals(before)) tell(values.get(after), change, index);
        });
    }

    private static void tell(Collection<Follower> bucket, ObjectCache.Change change, long index) {
        if (bucket != null) for (var follower : bucket) follower.tell(change, index);
    }

    public void wake() {
        places.values().forEach(bucket -> bucket.forEach(Follower::wake));
        for (var values : fields.values()) values.values().forEach(bucket -> bucket.forEach(Follower::wake));
    }

    public int size() {
        int size = places.values().stream().mapToInt(Set::size).sum();
        for (var values : fields.values())
            size += values.values().stream().mapToInt(Set::size).sum();
        return size;
    }
}
