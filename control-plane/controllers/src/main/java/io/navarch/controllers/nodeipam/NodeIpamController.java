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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Gives every node a network of its own from the cluster's.
///
/// Source: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/
public final class NodeIpamController implements Controller<NodeIpamController.Seen> {
    /// The one key under which networks are given, so that none is given twice; no node has a namespace. Under
    /// their own keys nodes are only told that there are none.
    private static final ObjectKey GIVING = new ObjectKey("networks", "");

    private static final String NETWORKS = "networks";
    private static final String GIVEN = "given";
    private static final String NUMBERED = "number ";
    private static final String WAITING = "waiting ";

    /// @param node one without a network
    /// @param free a network that no node has, if there is one
    /// @param tries how many were looked at to find it
    /// @param giving whether the node is to get it now
    public record Seen(Node node, Optional<String> free, int tries, boolean giving) {}

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
                .watchesChanges(Resources.NODES, (caches, old, now) -> keys(old, now))
                .may("", "nodes", "patch")
                .metrics(ALLOCATIONS, TRIES, USAGE, MOST)
                .build();
    }

    private static List<ObjectKey> keys(Node old, Node now) {
        if (now.exists()) return hasNetwork(now) ? List.of() : List.of(GIVING, now.key());
        return hasNetwork(old) ? List.of(GIVING) : List.of();
    }

    private static boolean hasNetwork(Node node) {
        return !node.spec().podCIDR().isEmpty();
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        double used = caches.of(Resources.NODES).count(NETWORKS, GIVEN);
        return List.of(USAGE.of(used / count, cluster), MOST.of(count, cluster));
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.NODES).indexedBy(NETWORKS, this::entries);
    }

    private List<String> entries(Node node) {
        var network = node.spec().podCIDR();
        if (network.isEmpty()) return node.deleting() ? List.of() : List.of(WAITING + node.name());
        var number = networks.indexOf(network);
        return number.isEmpty()
                ? List.of(network)
                : List.of(network, GIVEN, "%s%08d".formatted(NUMBERED, number.getAsInt()));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var nodes = caches.of(Resources.NODES);
        boolean giving = key.equals(GIVING);
        var node = giving ? nodes.first(NETWORKS, WAITING) : nodes.get(key);
        if (!node.exists() || hasNetwork(node)) return Optional.empty();
        if (nodes.count(NETWORKS, GIVEN) >= count) return Optional.of(new Seen(node, Optional.empty(), 0, giving));
        // What lies beyond all that were given is free, until the end has been reached.
        int next = networks.indexOf(nodes.last(NETWORKS, NUMBERED).spec().podCIDR())
                        .orElse(-1)
                + 1;
        for (int tries = 1; tries <= count; tries++) {
            var network = networks.at((next + tries - 1) % count);
            if (nodes.count(NETWORKS, network) == 0)
                return Optional.of(new Seen(node, Optional.of(network), tries, giving));
        }
        return Optional.of(new Seen(node, Optional.empty(), count, giving));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var node = seen.node;
        if (seen.free.isEmpty()) {
            var exhausted = new Exhausted(node.name());
            var decision = Decision.builder().waitingOn(exhausted);
            return seen.giving
                    ? decision.build()
                    : decision.event(Action.RecordEvent.normal(node, exhausted)).build();
        }
        if (!seen.giving) return Decision.NOTHING;
        return Decision.builder()
                .change(assign(node, seen.free.get()))
                .change(new Action.RecordMetric(ALLOCATIONS.once(cluster)))
                .change(new Action.RecordMetric(TRIES.of(seen.tries, cluster)))
                // For the next node that waits.
                .requeueAfter(Duration.ZERO)
                .build();
    }

    private static Action assign(Node node, String cidr) {
        var partial = Node.builder()
                .metadata(metadata -> metadata.resourceVersion(node.resourceVersion()))
                .spec(spec -> spec.podCIDR(cidr).podCIDRs(List.of(cidr)));
        return Action.Patch.of(Resources.NODES, node, partial.build());
    }
}
