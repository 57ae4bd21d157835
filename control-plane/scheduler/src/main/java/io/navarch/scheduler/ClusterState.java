package io.navarch.scheduler;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// All nodes and what the pods on them take, kept up with every change instead of being counted anew for every pod.
final class ClusterState {
    private record Placed(String node, View pod, boolean assumed) {}

    private final TreeMap<String, NodeState> nodes = new TreeMap<>();
    private final Map<ObjectKey, Placed> placed = new HashMap<>();
    /// Pods of nodes that are not known, or not yet.
    private final Map<String, Map<ObjectKey, View>> elsewhere = new HashMap<>();

    /// @param now absent when the node has gone
    void node(View old, View now) {
        var name = (now.exists() ? now : old).name();
        var before = nodes.remove(name);
        var pods = before != null ? before.byKey() : elsewhere.getOrDefault(name, Map.of());
        if (!now.exists()) {
            if (!pods.isEmpty()) elsewhere.put(name, new HashMap<>(pods));
            return;
        }
        var state = new NodeState(now);
        pods.values().forEach(state::add);
        elsewhere.remove(name);
        nodes.put(name, state);
    }

    /// A pod takes room on the node that it names.
    void place(View pod) {
        put(new Placed(pod.spec().get("nodeName").string(), pod, false));
    }

    /// A pod that is about to be bound takes room already.
    void assume(View pod, String node) {
        put(new Placed(node, pod, true));
    }

    private void put(Placed now) {
        var key = now.pod.key();
        var before = placed.put(key, now);
        // Most changes of a pod say how it does, not what it takes.
        boolean same = before != null
                && before.node.equals(now.node)
                && before.pod.uid().equals(now.pod.uid())
                && takes(before.pod, now.pod);
        if (same && nodes.containsKey(now.node)) {
            nodes.get(now.node).refresh(now.pod);
            return;
        }
        if (before != null) take(before);
        var state = nodes.get(now.node);
        if (state != null) state.add(now.pod);
        else elsewhere.computeIfAbsent(now.node, node -> new HashMap<>()).put(key, now.pod);
    }

    /// Whether a pod takes what it took before.
    private static boolean takes(View before, View now) {
        return before.spec().equals(now.spec())
                || NodeState.requests(before, false).equals(NodeState.requests(now, false));
    }

    /// The pod takes no room any more.
    void remove(ObjectKey key) {
        var before = placed.remove(key);
        if (before != null) take(before);
    }

    /// The binding failed: the pod takes no room, unless it has been seen to be bound.
    void forget(ObjectKey key) {
        var before = placed.get(key);
        if (before != null && before.assumed) remove(key);
    }

    /// A pod without a node was seen. That says nothing about one that is being bound at this moment.
    void waiting(ObjectKey key) {
        var before = placed.get(key);
        if (before != null && !before.assumed) remove(key);
    }

    private void take(Placed before) {
        var state = nodes.get(before.node);
        if (state != null) {
            state.remove(before.pod);
            return;
        }
        elsewhere.computeIfPresent(before.node, (node, pods) -> {
            pods.remove(before.pod.key());
            return pods.isEmpty() ? null : pods;
        });
    }

    /// The nodes by name.
    Collection<NodeState> nodes() {
        return nodes.values();
    }
}
