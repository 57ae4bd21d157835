package io.navarch.scheduler;

import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// All nodes and what the pods on them take, maintained with every change instead of being counted anew for every pod.
/// Its users synchronize.
final class ClusterState {
    /// @param assumed whether the pod is being bound and has not been seen on its node yet
    private record Placed(String node, PodInfo info, boolean assumed) {}

    private final TreeMap<String, NodeState> nodes = new TreeMap<>();
    private final Map<ObjectKey, Placed> placed = new HashMap<>();
    /// Pods of nodes that are not known, or not yet.
    private final Map<String, Map<ObjectKey, PodInfo>> elsewhere = new HashMap<>();

    /// @param now absent when the node has gone
    void node(Node old, Node now) {
        var name = (now.exists() ? now : old).name();
        var pods = new HashMap<ObjectKey, PodInfo>();
        var before = nodes.remove(name);
        if (before != null) before.pods().forEach(info -> pods.put(info.pod().key(), info));
        else pods.putAll(elsewhere.getOrDefault(name, Map.of()));
        if (!now.exists()) {
            if (!pods.isEmpty()) elsewhere.put(name, pods);
            return;
        }
        var state = new NodeState(now);
        pods.values().forEach(state::add);
        elsewhere.remove(name);
        nodes.put(name, state);
    }

    /// A pod takes room on the node that it names.
    void place(Pod pod) {
        put(pod, pod.spec().nodeName(), false);
    }

    /// A pod that is about to be bound takes room already.
    void assume(Pod pod, String node) {
        put(pod, node, true);
    }

    private void put(Pod pod, String node, boolean assumed) {
        var before = placed.get(pod.key());
        var info = before == null ? PodInfo.of(pod) : info(before.info, pod);
        placed.put(pod.key(), new Placed(node, info, assumed));
        var state = nodes.get(node);
        // Most changes of a pod report how it fares, not what it takes.
        boolean same = before != null
                && before.node.equals(node)
                && before.info.pod().uid().equals(pod.uid())
                && before.info.requests().equals(info.requests());
        if (same && state != null) {
            state.refresh(info);
            return;
        }
        if (before != null) take(before);
        if (state != null) state.add(info);
        else elsewhere.computeIfAbsent(node, name -> new HashMap<>()).put(pod.key(), info);
    }

    private static PodInfo info(PodInfo before, Pod now) {
        return before.pod().spec().equals(now.spec()) ? before.with(now) : PodInfo.of(now);
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
        var key = before.info.pod().key();
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

    /// The nodes by name.
    Collection<NodeState> nodes() {
        return nodes.values();
    }
}
