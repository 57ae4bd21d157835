package io.navarch.controllers.nodeipam;

import io.navarch.client.Caches;
import io.navarch.kinds.node.PodNetworks;
import io.navarch.model.Node;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Gives every node a network of its own from the cluster's.
///
/// Source: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/
public final class NodeIpamController implements Controller<List<Node>> {
    /// All nodes share one key, so that no network is given twice.
    private static final ObjectKey ALL = new ObjectKey("", "all");

    private static final Metric ALLOCATIONS = Metric.counter(
            "node_ipam_controller_cidrset_cidrs_allocations_total", "[ALPHA] Networks given to nodes.", "clusterCIDR");
    private static final Metric TRIES = Metric.histogram(
            "node_ipam_controller_cidrset_allocation_tries_per_request",
            "[ALPHA] Networks that were looked at to find one that is free.",
            Metric.exponential(1, 5, 5),
            "clusterCIDR");
    private static final Metric USAGE = Metric.gauge(
            "node_ipam_controller_cidrset_usage_cidrs",
            "[ALPHA] Share of the networks that nodes have.",
            "clusterCIDR");
    private static final Metric MOST = Metric.gauge(
            "node_ipam_controller_cirdset_max_cidrs", "[ALPHA] Networks that can be given.", "clusterCIDR");

    /// A node for which no network is left.
    record Exhausted(String node) implements Reason {
        @Override
        public String reason() {
            return "CIDRNotAvailable";
        }

        @Override
        public String message() {
            return "Node " + node + " status is now: CIDRNotAvailable";
        }
    }

    private final String cluster;
    private final PodNetworks networks;
    private final int count;

    /// @param cidr the cluster's network, such as `10.244.0.0/16`; each node gets a `/24` of it
    public NodeIpamController(String cidr) {
        cluster = cidr;
        networks = new PodNetworks(cidr);
        count = networks.count();
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("node-ipam-controller")
                .watches(Resources.NODES, node -> hasNetwork(node) ? List.of() : List.of(ALL))
                .may("", "nodes", "patch")
                .metrics(ALLOCATIONS, TRIES, USAGE, MOST)
                .build();
    }

    private static boolean hasNetwork(Node node) {
        return !node.spec().podCIDR().isEmpty();
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        double used = caches.of(Resources.NODES).all().stream()
                .filter(NodeIpamController::hasNetwork)
                .count();
        return List.of(USAGE.of(used / count, cluster), MOST.of(count, cluster));
    }

    @Override
    public Optional<List<Node>> observe(Caches caches, ObjectKey key) {
        return Optional.of(List.copyOf(caches.of(Resources.NODES).all()));
    }

    @Override
    public Decision decide(List<Node> nodes, Instant now) {
        var taken = nodes.stream().map(node -> node.spec().podCIDR()).collect(Collectors.toSet());
        var decision = Decision.builder();
        int next = 0;
        var waiting = nodes.stream()
                .filter(node -> !hasNetwork(node) && !node.deleting())
                .sorted(Comparator.comparing(Node::name))
                .toList();
        for (var node : waiting) {
            int first = next;
            while (next < count && taken.contains(networks.at(next))) next++;
            if (next == count) {
                var exhausted = new Exhausted(node.name());
                decision.event(Action.RecordEvent.normal(node, exhausted)).waitingOn(exhausted);
                continue;
            }
            decision.change(assign(node, networks.at(next)))
                    .change(new Action.RecordMetric(ALLOCATIONS.once(cluster)))
                    .change(new Action.RecordMetric(TRIES.of(next + 1 - first, cluster)));
            next++;
        }
        return decision.build();
    }

    private static Action assign(Node node, String cidr) {
        var partial = Node.builder()
                .metadata(metadata -> metadata.resourceVersion(node.resourceVersion()))
                .spec(spec -> spec.podCIDR(cidr).podCIDRs(List.of(cidr)));
        return Action.Patch.of(Resources.NODES, node, partial.build());
    }
}
