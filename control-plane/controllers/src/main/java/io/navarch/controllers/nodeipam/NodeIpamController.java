package io.navarch.controllers.nodeipam;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/// Gives every node a network of its own from the cluster's.
///
/// Source: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/
public final class NodeIpamController implements LegacyController<List<View>> {
    private static final int NODE_BITS = 8;
    /// All nodes are looked at together, so that no network is given twice.
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

    private final String cluster;
    private final long network;
    private final int count;

    /// @param cidr the cluster's network, such as `10.244.0.0/16`; each node gets a `/24` of it
    public NodeIpamController(String cidr) {
        cluster = cidr;
        var parts = cidr.split("/");
        long address = 0;
        for (var part : parts[0].split("\\.")) address = address << 8 | Integer.parseInt(part);
        network = address;
        count = 1 << Math.max(0, 32 - NODE_BITS - Integer.parseInt(parts[1]));
    }

    @Override
    public String name() {
        return "node-ipam-controller";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(ALLOCATIONS, TRIES, USAGE, MOST);
    }

    @Override
    public List<Metric.Sample> state(Caches caches) {
        double used = caches.of(Resources.NODES.untyped()).all().stream()
                .filter(node -> !node.spec().get("podCIDR").string().isEmpty())
                .count();
        return List.of(USAGE.of(used / count, cluster), MOST.of(count, cluster));
    }

    @Override
    public List<Input> inputs() {
        return List.of(new Input(
                Resources.NODES.untyped(),
                node -> node.spec().get("podCIDR").string().isEmpty() ? List.of(ALL) : List.of()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "nodes", "patch"));
    }

    @Override
    public List<View> look(Caches caches, ObjectKey key) {
        return List.copyOf(caches.of(Resources.NODES.untyped()).all());
    }

    @Override
    public Decision decide(List<View> nodes, Instant now) {
        var taken = new HashSet<String>();
        for (var node : nodes) taken.add(node.spec().get("podCIDR").string());
        var actions = new ArrayList<Action>();
        int next = 0;
        var waiting = nodes.stream()
                .filter(node -> node.spec().get("podCIDR").string().isEmpty() && !node.deleting())
                .sorted(Comparator.comparing(View::name))
                .toList();
        for (var node : waiting) {
            int tried = next;
            while (next < count && taken.contains(text(next))) next++;
            if (next == count) {
                actions.add(Action.RecordEvent.normal(
                        node, "CIDRNotAvailable", "Node " + node.name() + " status is now: CIDRNotAvailable"));
                continue;
            }
            var cidr = text(next++);
            actions.add(new Action.Patch(
                    Resources.NODES.untyped(),
                    node.key(),
                    "",
                    Trees.map(
                            "metadata",
                            Trees.map("resourceVersion", node.resourceVersion()),
                            "spec",
                            Trees.map("podCIDR", cidr, "podCIDRs", List.of(cidr)))));
            actions.add(new Action.RecordMetric(ALLOCATIONS.once(cluster)));
            actions.add(new Action.RecordMetric(TRIES.of(next - tried, cluster)));
        }
        return Decision.of(actions);
    }

    private String text(int index) {
        long address = network + ((long) index << NODE_BITS);
        return (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255)
                + "/" + (32 - NODE_BITS);
    }
}
