package io.navarch.scheduler;

import io.navarch.objects.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Pods for which room is being made on a node: what they will take is not for others of their priority or a lower one.
final class Nominations {
    private record Nominee(String node, Taken taken) {}

    private final Map<ObjectKey, Nominee> all = new HashMap<>();
    private final Map<String, Map<ObjectKey, Taken>> byNode = new HashMap<>();

    void add(ObjectKey pod, Taken taken, String node) {
        remove(pod);
        all.put(pod, new Nominee(node, taken));
        byNode.computeIfAbsent(node, name -> new HashMap<>()).put(pod, taken);
    }

    boolean has(ObjectKey pod) {
        return all.containsKey(pod);
    }

    void remove(ObjectKey pod) {
        var nominee = all.remove(pod);
        if (nominee == null) return;
        byNode.computeIfPresent(nominee.node, (node, pods) -> {
            pods.remove(pod);
            return pods.isEmpty() ? null : pods;
        });
    }

    /// The node as a pod has to look at it: with those on it for which room is being made.
    NodeState with(NodeState node, PodInfo pod) {
        var nominees = byNode.get(node.name());
        if (nominees == null) return node;
        NodeState seen = null;
        for (var each : nominees.entrySet()) {
            if (each.getValue().priority() < pod.priority()
                    || each.getKey().equals(pod.pod().key())) continue;
            if (seen == null) seen = node.copy();
            seen.add(each.getKey(), each.getValue());
        }
        return seen == null ? node : seen;
    }

    /// Those on a node that do not hold against a pod of this priority.
    List<ObjectKey> below(String node, int priority) {
        return byNode.getOrDefault(node, Map.of()).entrySet().stream()
                .filter(nominee -> nominee.getValue().priority() < priority)
                .map(Map.Entry::getKey)
                .toList();
    }
}
