package io.navarch.controllers.garbage;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Who owns whom, by uid. An owner need not be known: what is said to depend on it is, and is looked at when the owner
/// comes, goes, or turns out never to have been.
final class OwnerGraph {
    /// An object in the graph.
    record Node(ResourceType<View> type, ObjectKey key, String uid) {}

    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> dependents = new ConcurrentHashMap<>();

    /// Takes in a change of an object, and gives what must be looked at because of it.
    ///
    /// @param old absent for an addition
    /// @param now absent for a deletion
    List<Node> changed(ResourceType<View> type, View old, View now) {
        var result = new ArrayList<Node>();
        // An object of the same name is another one when its uid is.
        if (old.exists() && (!now.exists() || !old.uid().equals(now.uid()))) gone(old, result);
        if (!now.exists()) return result;
        var node = new Node(type, now.key(), now.uid());
        nodes.put(now.uid(), node);
        var before = old.uid().equals(now.uid()) ? owners(old) : List.<String>of();
        var after = owners(now);
        for (var owner : before)
            if (!after.contains(owner)) {
                part(owner, now.uid());
                revisit(owner, result);
            }
        for (var owner : after)
            dependents.compute(owner, (uid, set) -> {
                var held = set == null ? ConcurrentHashMap.<String>newKeySet(2) : set;
                held.add(now.uid());
                return held;
            });
        if (now.deleting()) {
            // An owner that waits may not have to wait for one that goes.
            for (var owner : after) revisit(owner, result);
            result.add(node);
        } else if (!after.isEmpty()) {
            result.add(node);
        }
        return result;
    }

    private void gone(View object, List<Node> result) {
        for (var owner : owners(object)) {
            part(owner, object.uid());
            revisit(owner, result);
        }
        nodes.remove(object.uid());
        for (var dependent : dependents(object.uid())) result.add(dependent);
    }

    private void revisit(String uid, List<Node> result) {
        var node = nodes.get(uid);
        if (node != null) result.add(node);
    }

    private void part(String owner, String dependent) {
        dependents.computeIfPresent(owner, (uid, set) -> {
            set.remove(dependent);
            return set.isEmpty() ? null : set;
        });
    }

    private static List<String> owners(View object) {
        return object.metadata().get("ownerReferences").stream()
                .map(owner -> owner.get("uid").string())
                .distinct()
                .toList();
    }

    List<Node> dependents(String uid) {
        var result = new ArrayList<Node>();
        for (var dependent : dependents.getOrDefault(uid, Set.of())) {
            var node = nodes.get(dependent);
            if (node != null) result.add(node);
        }
        return result;
    }

    /// The object of a uid, `null` when it is not known.
    Node node(String uid) {
        return nodes.get(uid);
    }

    boolean hasDependents(String uid) {
        return dependents.containsKey(uid);
    }

    /// How much is remembered.
    int size() {
        return nodes.size() + dependents.size();
    }
}
