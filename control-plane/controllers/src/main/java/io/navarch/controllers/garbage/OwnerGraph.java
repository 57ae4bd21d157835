package io.navarch.controllers.garbage;

import io.navarch.model.AnyObject;
import io.navarch.model.OwnerReference;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Who owns whom, by uid. An owner need not be known: its dependents are, and are visited when the owner comes,
/// goes, or turns out never to have been.
final class OwnerGraph {
    /// An object in the graph.
    record Node(ResourceType<AnyObject> type, ObjectKey key, String uid) {
        @Override
        public String toString() {
            return type + " " + key;
        }
    }

    private final Map<String, Node> nodes = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> dependents = new ConcurrentHashMap<>();

    /// Takes in a change of an object, and gives the objects to visit because of it.
    ///
    /// @param old absent for an addition
    /// @param now absent for a deletion
    List<Node> changed(ResourceType<AnyObject> type, AnyObject old, AnyObject now) {
        var visits = new ArrayList<Node>();
        // An object of the same name is another one when its uid is.
        if (old.exists() && (!now.exists() || !old.uid().equals(now.uid()))) visits.addAll(gone(old));
        if (!now.exists()) return visits;
        var node = new Node(type, now.key(), now.uid());
        nodes.put(now.uid(), node);
        var before = old.uid().equals(now.uid()) ? owners(old) : List.<String>of();
        var after = owners(now);
        for (var owner : before) {
            if (after.contains(owner)) continue;
            part(owner, now.uid());
            node(owner).ifPresent(visits::add);
        }
        for (var owner : after) join(owner, now.uid());
        if (now.deleting()) {
            // An owner that waits for its dependents may not have to wait any longer.
            for (var owner : after) node(owner).ifPresent(visits::add);
        }
        if (now.deleting() || !after.isEmpty()) visits.add(node);
        return visits;
    }

    private List<Node> gone(AnyObject object) {
        var visits = new ArrayList<Node>();
        for (var owner : owners(object)) {
            part(owner, object.uid());
            node(owner).ifPresent(visits::add);
        }
        nodes.remove(object.uid());
        visits.addAll(dependents(object.uid()));
        return visits;
    }

    private void join(String owner, String dependent) {
        dependents.compute(owner, (uid, set) -> {
            var held = set == null ? ConcurrentHashMap.<String>newKeySet(2) : set;
            held.add(dependent);
            return held;
        });
    }

    private void part(String owner, String dependent) {
        dependents.computeIfPresent(owner, (uid, set) -> {
            set.remove(dependent);
            return set.isEmpty() ? null : set;
        });
    }

    private static List<String> owners(AnyObject object) {
        return object.metadata().ownerReferences().stream()
                .map(OwnerReference::uid)
                .distinct()
                .toList();
    }

    List<Node> dependents(String uid) {
        return dependents.getOrDefault(uid, Set.of()).stream()
                .flatMap(dependent -> node(dependent).stream())
                .toList();
    }

    /// What depends on an object that is not known: it was not seen yet, or is of a kind that nobody follows.
    List<Node> dependentsOfUnknown() {
        return dependents.keySet().stream()
                .filter(owner -> !nodes.containsKey(owner))
                .flatMap(owner -> dependents(owner).stream())
                .toList();
    }

    /// The object of a uid, if it is known.
    Optional<Node> node(String uid) {
        return Optional.ofNullable(nodes.get(uid));
    }

    boolean hasDependents(String uid) {
        return dependents.containsKey(uid);
    }

    /// How many entries it holds.
    int size() {
        return nodes.size() + dependents.size();
    }
}
