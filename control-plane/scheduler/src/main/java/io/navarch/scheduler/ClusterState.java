package io.navarch.scheduler;

import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All nodes and what the pods on them take, maintained with every change instead of being counted anew for every pod.
/// Its users synchronize.
final class ClusterState {
    /// @param settled whether it takes what its spec says
    /// @param assumed whether the pod is being bound and has not been seen on its node yet
    private record Placed(String node, String uid, long generation, boolean settled, Taken taken, boolean assumed) {}

    private final TreeMap<String, NodeState> nodes = new TreeMap<>();
    private final Map<ObjectKey, Placed> placed = new HashMap<>();
    /// Pods of nodes that are not known, or not yet.
    private final Map<String, Map<ObjectKey, Taken>> elsewhere = new HashMap<>();
    /// What the latest pod takes: those of a set are alike, and share it.
    private Taken latest = Taken.NOTHING;
    /// How many pods have each claim.
    private final Map<ObjectKey, Integer> users = new HashMap<>();
    /// How many pods have each priority.
    private final TreeMap<Integer, Integer> priorities = new TreeMap<>();
    private final Nominations nominations = new Nominations();

    /// @param now absent when the node has gone
    void node(Node old, Node now) {
        var name = (now.exists() ? now : old).name();
        var known = nodes.get(name);
        if (!now.exists()) {
            nodes.remove(name);
            if (known != null && !known.pods().isEmpty()) elsewhere.put(name, new HashMap<>(known.pods()));
        } else if (known != null) {
            known.becomes(now);
        } else {
            var state = new NodeState(now);
            elsewhere.getOrDefault(name, Map.of()).forEach(state::add);
            elsewhere.remove(name);
            nodes.put(name, state);
        }
    }

    /// How much is known, by what.
    Map<String, Integer> sizes() {
        int assumed = (int) placed.values().stream().filter(Placed::assumed).count();
        return Map.of("nodes", nodes.size(), "pods", placed.size(), "assumed_pods", assumed);
    }

    /// A pod takes room on the node that it names.
    ///
    /// @return whether it takes less than before
    boolean place(Pod pod) {
        return put(pod, pod.spec().nodeName(), false);
    }

    /// A pod that is about to be bound takes room already.
    void assume(Pod pod, String node) {
        boolean ignored = put(pod, node, true);
    }

    private boolean put(Pod pod, String node, boolean assumed) {
        var key = pod.key();
        nominations.remove(key);
        var before = placed.get(key);
        boolean settled = PodInfo.settled(pod);
        var taken = taken(before, settled, pod);
        placed.put(key, new Placed(node, pod.uid(), pod.metadata().generation(), settled, taken, assumed));
        // Most changes of a pod report how it fares, not what it takes.
        if (before != null && before.node.equals(node) && before.taken.equals(taken)) return false;
        if (before != null) take(key, before);
        for (var claim : taken.claims()) users.merge(claim, 1, Integer::sum);
        priorities.merge(taken.priority(), 1, Integer::sum);
        var state = nodes.get(node);
        if (state != null) state.add(key, taken);
        else elsewhere.computeIfAbsent(node, name -> new HashMap<>()).put(key, taken);
        return before != null && less(taken, before.taken);
    }

    private static boolean less(Taken now, Taken before) {
        return before.requests().entrySet().stream()
                .anyMatch(entry -> entry.getValue() > now.requests().getOrDefault(entry.getKey(), 0L));
    }

    /// The pod itself is not kept: with all that stands in it, it takes many times the memory of what it takes.
    private Taken taken(@Nullable Placed before, boolean settled, Pod now) {
        // The generation counts changes of the spec; one that was not stored has none.
        long generation = now.metadata().generation();
        boolean same = before != null
                && generation > 0
                && before.generation == generation
                && before.uid.equals(now.uid())
                // What is taken back from it says its status.
                && before.settled
                && settled;
        if (before != null && same) return before.taken;
        var taken = PodInfo.of(now).taken();
        if (!taken.equals(latest)) latest = taken;
        return latest;
    }

    /// The pod takes no room any more.
    void remove(ObjectKey key) {
        nominations.remove(key);
        var before = placed.remove(key);
        if (before != null) take(key, before);
    }

    /// The binding failed: the pod takes no room, unless it has been seen to be bound.
    void forget(ObjectKey key) {
        var before = placed.get(key);
        if (before != null && before.assumed) remove(key);
    }

    /// A pod without a node was seen. That says nothing about one that is being bound at this moment, nor, while it
    /// never had one, about the node on which room is being made for it.
    void waiting(Pod old, Pod now) {
        var key = now.key();
        var before = placed.get(key);
        if (before != null && !before.assumed) remove(key);
        if (before != null && before.assumed) return;
        var nominated = now.status().nominatedNodeName();
        if (!nominated.isEmpty()) nominations.add(key, PodInfo.of(now).taken(), nominated);
        else if (!old.status().nominatedNodeName().isEmpty()) nominations.remove(key);
    }

    private void take(ObjectKey key, Placed before) {
        for (var claim : before.taken.claims())
            users.computeIfPresent(claim, (which, count) -> count == 1 ? null : count - 1);
        priorities.computeIfPresent(before.taken.priority(), (which, count) -> count == 1 ? null : count - 1);
        var state = nodes.get(before.node);
        if (state != null) {
            state.remove(key);
            return;
        }
        elsewhere.computeIfPresent(before.node, (node, pods) -> {
            pods.remove(key);
            return pods.isEmpty() ? null : pods;
        });
    }

    /// How many pods that have a node use a claim.
    int users(ObjectKey claim) {
        return users.getOrDefault(claim, 0);
    }

    /// Whether there is a pod anywhere that would have to make room for one of this priority.
    boolean anyBelow(int priority) {
        return !priorities.isEmpty() && priorities.firstKey() < priority;
    }

    Nominations nominations() {
        return nominations;
    }

    /// Absent when it is not known.
    Node node(String name) {
        var known = nodes.get(name);
        return known == null ? Node.ABSENT : known.node();
    }

    /// The nodes by name.
    Collection<NodeState> nodes() {
        return nodes.values();
    }
}
