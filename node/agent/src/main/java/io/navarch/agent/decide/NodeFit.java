package io.navarch.agent.decide;

import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.kinds.pod.HostPort;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether a node has room for one more pod, as the node itself sees it: a pod may come without a scheduler, or two at
/// the same time.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/ and the kubelet's
/// predicates,
/// whose reasons and messages these are.
public final class NodeFit {
    private static final String CPU = "cpu";
    private static final List<String> RESOURCES = List.of(CPU, "memory", "ephemeral-storage");
    private static final String PODS = "pods";

    private NodeFit() {}

    /// What a pod takes of its node.
    public static final class Taken {
        private final Map<String, Quantity> requests;
        private final List<HostPort> ports;

        private Taken(Map<String, Quantity> requests, List<HostPort> ports) {
            this.requests = requests;
            this.ports = ports;
        }

        public static Taken of(Pod pod) {
            var spec = pod.spec();
            var ports = Pods.containers(spec).stream()
                    .flatMap(container -> container.ports().stream())
                    .filter(port -> port.hostPort() != 0)
                    .map(HostPort::of)
                    .toList();
            return new Taken(PodResources.requests(spec), ports);
        }
    }

    /// @param others what the pods take that are there already
    /// @param allocatable what the node has for pods
    public static Optional<Rejection> rejection(
            Taken wanted, Collection<Taken> others, Map<String, Quantity> allocatable) {
        long most = allocatable.containsKey(PODS) ? allocatable.get(PODS).units() : Long.MAX_VALUE;
        if (others.size() + 1 > most) return Optional.of(lack(PODS, 1, others.size(), most));
        var shortage = shortage(RESOURCES, wanted, others, allocatable);
        if (shortage.isPresent()) return shortage;
        boolean taken = others.stream()
                .flatMap(other -> other.ports.stream())
                .anyMatch(port -> wanted.ports.stream().anyMatch(port::conflicts));
        if (!taken) return Optional.empty();
        return Optional.of(new Rejection(
                "NodePorts", "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"));
    }

    /// Which of these amounts there is not enough of.
    static Optional<Rejection> shortage(
            List<String> resources, Taken wanted, Collection<Taken> others, Map<String, Quantity> allocatable) {
        for (var resource : resources) {
            long asked = amount(resource, wanted.requests);
            if (asked == 0 || !allocatable.containsKey(resource)) continue;
            long capacity = amount(resource, allocatable);
            long used = others.stream()
                    .mapToLong(other -> amount(resource, other.requests))
                    .reduce(0, NodeFit::sum);
            if (asked > capacity - used) return Optional.of(lack(resource, asked, used, capacity));
        }
        return Optional.empty();
    }

    private static Rejection lack(String resource, long asked, long used, long capacity) {
        return new Rejection(
                "OutOf" + resource,
                "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
                        .formatted(resource, asked, used, capacity));
    }

    private static long amount(String resource, Map<String, Quantity> amounts) {
        var amount = amounts.getOrDefault(resource, Quantity.ZERO);
        return resource.equals(CPU) ? amount.milli() : amount.units();
    }

    private static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
