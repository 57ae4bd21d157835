package io.navarch.apiserver.cache;

import io.navarch.objects.FieldSelector;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The followers of a cache, indexed by what they follow: a field with a value (a name, a node), a namespace, or
/// everything. A change then costs as much as the followers it concerns, not as many as there are.
///
/// Guarded by the monitor of the [ChangeLog] that it belongs to.
final class WatcherIndex {
    /// By the prefix of the keys that they follow: a namespace's, or the whole kind's.
    private final Map<String, Set<Follower>> byPrefix = new HashMap<>();
    /// By a field's path, then its value. Whoever is here is not in `byPrefix`.
    private final Map<String, Map<String, Set<Follower>>> byField = new HashMap<>();

    void add(Follower follower) {
        var buckets = pinned(follower.selection())
                .map(term -> byField.computeIfAbsent(term.path(), path -> new HashMap<>()))
                .orElse(byPrefix);
        buckets.computeIfAbsent(bucketOf(follower), key -> new LinkedHashSet<>())
                .add(follower);
    }

    void remove(Follower follower) {
        var term = pinned(follower.selection());
        if (term.isEmpty()) {
            removeFrom(byPrefix, follower);
            return;
        }
        var path = term.get().path();
        var values = byField.get(path);
        if (values == null) return;
        removeFrom(values, follower);
        if (values.isEmpty()) byField.remove(path);
    }

    private static String bucketOf(Follower follower) {
        var selection = follower.selection();
        return pinned(selection).map(FieldSelector.Term::value).orElse(selection.prefix());
    }

    private static void removeFrom(Map<String, Set<Follower>> buckets, Follower follower) {
        var key = bucketOf(follower);
        var bucket = buckets.get(key);
        if (bucket != null && bucket.remove(follower) && bucket.isEmpty()) buckets.remove(key);
    }

    /// A term that fixes the value of one field.
    private static Optional<FieldSelector.Term> pinned(Selection selection) {
        for (var term : selection.fields().terms()) {
            if (term.equal() && !term.path().equals("metadata.namespace")) return Optional.of(term);
        }
        return Optional.empty();
    }

    /// Notifies everybody whom a change may concern.
    void changed(Change change, long index) {
        Consumer<Follower> notify = follower -> follower.changed(change, index);
        var key = change.key();
        int namespace = key.lastIndexOf('/') + 1;
        byPrefix.getOrDefault(key.substring(0, namespace), Set.of()).forEach(notify);
        int kind = key.lastIndexOf('/', namespace - 2) + 1;
        byPrefix.getOrDefault(key.substring(0, kind), Set.of()).forEach(notify);
        var before = change.previous();
        var after = change.object();
        byField.forEach((path, values) -> {
            if (before != null)
                values.getOrDefault(before.field(path), Set.of()).forEach(notify);
            if (after == null || before != null && after.field(path).equals(before.field(path))) return;
            values.getOrDefault(after.field(path), Set.of()).forEach(notify);
        });
    }

    void wake() {
        byPrefix.values().forEach(bucket -> bucket.forEach(Follower::wake));
        byField.values().forEach(values -> values.values().forEach(bucket -> bucket.forEach(Follower::wake)));
    }

    int size() {
        int size = byPrefix.values().stream().mapToInt(Set::size).sum();
        for (var values : byField.values()) {
            size += values.values().stream().mapToInt(Set::size).sum();
        }
        return size;
    }
}
