package io.navarch.agent.decide;

import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.kinds.node.NodeSelection;
import io.navarch.kinds.node.Taints;
import io.navarch.kinds.pod.HostPort;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.TaintEffect;
import io.navarch.objects.Quantity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether a node has room for one more pod, as the node itself sees it: a pod may come without a scheduler, or two at
/// the same time.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/ and the kubelet's
/// predicates, whose reasons and messages these are.
public final class NodeFit {
    /// The reason of a pod that wants another node: what is known of the node's labels may be old.
    public static final String AFFINITY = "NodeAffinity";

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

    /// @param wanted what the pod takes
    /// @param others what the pods take that are there already
    /// @param allocatable what the node has for pods
    /// @param node as the API has it, absent when that is not known: then it is not asked whom it is for
    public static Optional<Rejection> rejection(
            Pod pod, Taken wanted, Collection<Taken> others, Map<String, Quantity> allocatable, Node node) {
        return crowded(wanted, others, allocatable)
                .or(() -> selected(pod, node))
                .or(() -> ports(wanted, others))
                .or(() -> tolerated(pod, node));
    }

    private static Optional<Rejection> crowded(
            Taken wanted, Collection<Taken> others, Map<String, Quantity> allocatable) {
        long most = allocatable.containsKey(PODS) ? allocatable.get(PODS).units() : Long.MAX_VALUE;
        if (others.size() + 1 > most) return Optional.of(lack(PODS, 1, others.size(), most));
        return shortage(RESOURCES, wanted, others, allocatable);
    }

    /// A pod may name its node itself, and then no scheduler looks whether it wants such a one.
    private static Optional<Rejection> selected(Pod pod, Node node) {
        if (!node.exists() || NodeSelection.selects(pod.spec(), node)) return Optional.empty();
        return predicate(AFFINITY, "node(s) didn't match Pod's node affinity/selector");
    }

    /// What the node runs by itself may be what removes the taint.
    private static Optional<Rejection> tolerated(Pod pod, Node node) {
        if (StaticPod.is(pod)) return Optional.empty();
        boolean tolerated = node.spec().taints().stream()
                .filter(taint -> taint.effect() == TaintEffect.NO_EXECUTE)
                .allMatch(taint -> Taints.toleratedBy(pod, taint));
        return tolerated
                ? Optional.empty()
                : predicate("TaintToleration", "node(s) had taints that the pod didn't tolerate");
    }

    private static Optional<Rejection> ports(Taken wanted, Collection<Taken> others) {
        boolean taken = others.stream()
                .flatMap(other -> other.ports.stream())
                .anyMatch(port -> wanted.ports.stream().anyMatch(port::conflicts));
        return taken
                ? predicate("NodePorts", "node(s) didn't have free ports for the requested pod ports")
                : Optional.empty();
    }

    private static Optional<Rejection> predicate(String name, String why) {
        return Optional.of(new Rejection(name, "Predicate " + name + " failed: " + why));
    }

    /// Why there is not enough of some amounts, `""` when there is.
    public static String lacking(
            List<String> resources, Taken wanted, Collection<Taken> others, Map<String, Quantity> allocatable) {
        return shortage(resources, wanted, others, allocatable)
                .map(Rejection::message)
                .orElse("");
    }

    /// Which of these amounts there is not enough of.
    private static Optional<Rejection> shortage(
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
