package io.navarch.controllers.node;

import io.navarch.kinds.node.Nodes;
import io.navarch.model.Node;
import io.navarch.process.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// Metrics of nodes, by zone.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`node_collector_*`)
final class ZoneMetrics {
    private static final Metric SIZE = Metric.gauge("node_collector_zone_size", "[ALPHA] Nodes of a zone.", "zone");
    private static final Metric HEALTH =
            Metric.gauge("node_collector_zone_health", "[ALPHA] Percentage of ready nodes in a zone.", "zone");
    private static final Metric UNHEALTHY = Metric.gauge(
            "node_collector_unhealthy_nodes_in_zone", "[ALPHA] Nodes of a zone that are not ready.", "zone");
    private static final Metric EVICTIONS =
            Metric.counter("node_collector_evictions_total", "[STABLE] Nodes that pods have been driven from.", "zone");
    static final Metric LOOK = Metric.histogram(
            "node_collector_update_node_health_duration_seconds",
            "[ALPHA] How long a look at one node took.",
            Metric.exponential(0.001, 4, 8));

    static final List<Metric> ALL = List.of(SIZE, HEALTH, UNHEALTHY, EVICTIONS, LOOK);

    private ZoneMetrics() {}

    static Metric.Sample eviction(Node node) {
        return EVICTIONS.once(Zone.name(node));
    }

    static List<Metric.Sample> gauges(Collection<Node> nodes) {
        var zones = new TreeMap<String, int[]>();
        for (var node : nodes) {
            var counts = zones.computeIfAbsent(Zone.name(node), key -> new int[2]);
            counts[0]++;
            if (!Nodes.ready(node)) counts[1]++;
        }
        var samples = new ArrayList<Metric.Sample>();
        zones.forEach((zone, counts) -> {
            samples.add(SIZE.of(counts[0], zone));
            samples.add(UNHEALTHY.of(counts[1], zone));
            samples.add(HEALTH.of(100.0 * (counts[0] - counts[1]) / counts[0], zone));
        });
        return samples;
    }
}
