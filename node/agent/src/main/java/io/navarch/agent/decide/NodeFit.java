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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Whether a node has room for one more pod, as the node itself sees it: a pod may come without a scheduler, or two at
/// the same time.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/ and the kubelet's
/// predicates, whose reasons and messages these are.
public final class NodeFit {
    /// The reason of a pod that wants another node: what is known of the node's labels may be old.
    public static final String AFFINITY = "NodeAffinity";

    private static final String CPU = "cpu";
    /// What is looked at first; all others come in the order of their names.
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

    /// What there is too little of.
    ///
    /// @param amount that is missing, in thousandths for processors
    public record Lack(String resource, long amount, Rejection rejection) {}

    /// What is in the way of a pod.
    ///
    /// @param wanted what the pod takes
    /// @param others what the pods take that are there already
    /// @param allocatable what the node has for pods
    /// @param node as the API has it, absent when that is not known: then it is not asked whom it is for
    public static Optional<Rejection> rejection(
            Pod pod, Taken wanted, Collection<Taken> others, Map<String, Quantity> allocatable, Node node) {
        return crowded(wanted, others, allocatable).stream()
                .map(Lack::rejection)
                .findFirst()
                .or(() -> unsuited(pod, wanted, others, node));
    }

    /// What is in the way besides room.
    public static Optional<Rejection> unsuited(Pod pod, Taken wanted, Collection<Taken> others, Node node) {
        return selected(pod, node).or(() -> ports(wanted, others)).or(() -> tolerated(pod, node));
    }

    /// All that there is too little of.
    public static List<Lack> crowded(Taken wanted, Collection<Taken> others, Map<String, Quantity> allocatable) {
        var lacks = new ArrayList<Lack>();
        long most = allocatable.containsKey(PODS) ? allocatable.get(PODS).units() : Long.MAX_VALUE;
        if (others.size() + 1 > most) lacks.add(lack(PODS, 1, others.size(), most));
        var names = new LinkedHashSet<>(RESOURCES);
        names.addAll(new TreeSet<>(wanted.requests.keySet()));
        lacks.addAll(shortage(names, wanted, others, allocatable));
        return lacks;
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
        return shortage(resources, wanted, others, allocatable).stream()
                .map(each -> each.rejection.message())
                .findFirst()
                .orElse("");
    }

    /// Which of these amounts there is not enough of. What the node knows nothing of is the cluster's, not a node's.
    private static List<Lack> shortage(
            Collection<String> resources, Taken wanted, Collection<Taken> others, Map<String, Quantity> allocatable) {
        var lacks = new ArrayList<Lack>();
        for (var resource : resources) {
            long asked = amount(resource, wanted.requests);
            if (asked == 0 || !allocatable.containsKey(resource)) continue;
            long capacity = amount(resource, allocatable);
            long used = others.stream()
                    .mapToLong(other -> amount(resource, other.requests))
                    .reduce(0, NodeFit::sum);
            if (asked > capacity - used) lacks.add(lack(resource, asked, used, capacity));
        }
        return lacks;
    }

    private static Lack lack(String resource, long asked, long used, long capacity) {
        var rejection = new Rejection(
                "OutOf" + resource,
                "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
                        .formatted(resource, asked, used, capacity));
        return new Lack(resource, asked - (capacity - used), rejection);
    }

    /// How much a pod would leave, in thousandths for processors.
    static long left(Pod pod, String resource) {
        return resource.equals(PODS) ? 1 : amount(resource, PodResources.requests(pod.spec()));
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
