package io.navarch.scheduler;

import io.navarch.kinds.pod.HostPort;
import io.navarch.model.Node;
import io.navarch.objects.ObjectKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A node and what its pods take of it, in the amounts of [Taken].
final class NodeState {
    private static final String PODS = "pods";

    private Node node = Node.ABSENT;
    private final Map<String, Long> allocatable = new HashMap<>();
    private final Map<String, Long> requested = new HashMap<>();
    private final Map<String, Long> assumed = new HashMap<>();
    private final Set<HostPort> hostPorts = new HashSet<>();
    /// How many pods have each claim.
    private final Map<ObjectKey, Integer> claims = new HashMap<>();
    private final Map<ObjectKey, Taken> pods = new LinkedHashMap<>();

    NodeState(Node node) {
        becomes(node);
    }

    /// What its pods take stays as it was: a heartbeat costs the same with one pod and with hundreds.
    void becomes(Node now) {
        node = now;
        allocatable.clear();
        now.status().allocatable().forEach((name, amount) -> allocatable.put(name, PodInfo.amount(name, amount)));
    }

    /// The same node, to try out what would be if.
    NodeState copy() {
        var copy = new NodeState(node);
        pods.forEach(copy::add);
        return copy;
    }

    void add(PodInfo info) {
        add(info.pod().key(), info.taken());
    }

    void add(ObjectKey key, Taken pod) {
        pods.put(key, pod);
        pod.requests().forEach((name, value) -> requested.merge(name, value, Long::sum));
        pod.assumed().forEach((name, value) -> assumed.merge(name, value, Long::sum));
        pod.claims().forEach(claim -> claims.merge(claim, 1, Integer::sum));
        hostPorts.addAll(pod.hostPorts());
    }

    void remove(ObjectKey key) {
        var pod = pods.remove(key);
        if (pod == null) return;
        pod.requests().forEach((name, value) -> requested.merge(name, -value, Long::sum));
        pod.assumed().forEach((name, value) -> assumed.merge(name, -value, Long::sum));
        pod.claims().forEach(claim -> claims.computeIfPresent(claim, (which, count) -> count == 1 ? null : count - 1));
        if (pod.hostPorts().isEmpty()) return;
        hostPorts.clear();
        for (var left : pods.values()) hostPorts.addAll(left.hostPorts());
    }

    Node node() {
        return node;
    }

    String name() {
        return node.name();
    }

    /// What its pods take, each.
    Map<ObjectKey, Taken> pods() {
        return pods;
    }

    /// Its pods that have to make room for one of this priority.
    List<ObjectKey> below(int priority) {
        return pods.entrySet().stream()
                .filter(pod -> pod.getValue().priority() < priority)
                .map(Map.Entry::getKey)
                .toList();
    }

    Set<HostPort> hostPorts() {
        return hostPorts;
    }

    /// What its pods' volumes stand for.
    Set<ObjectKey> claims() {
        return claims.keySet();
    }

    boolean full() {
        return pods.size() + 1 > allocatable(PODS);
    }

    long allocatable(String resource) {
        return allocatable.getOrDefault(resource, 0L);
    }

    long requested(String resource) {
        return requested.getOrDefault(resource, 0L);
    }

    long assumed(String resource) {
        return assumed.getOrDefault(resource, 0L);
    }
}
