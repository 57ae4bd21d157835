package io.navarch.controllers.node;

import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// How the nodes of one zone are, and so how fast pods may be driven from those that are not ready: when many fail at
/// once, it is more likely that the control plane cannot see them than that they all are broken.
///
/// Source: https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction
///
/// @param nodes those of the zone
/// @param anyReady whether any node of the cluster is ready
/// @param clusterSize how many nodes the cluster has
record Zone(List<View> nodes, boolean anyReady, int clusterSize) {
    /// One node in ten seconds (`--node-eviction-rate`); in a zone that is mostly down one in a hundred.
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Duration SLOW_INTERVAL = Duration.ofSeconds(100);
    private static final double UNHEALTHY = 0.55;
    private static final int LARGE = 50;

    /// The key that the original puts a zone under: region and zone apart by a NUL, nothing where there are none.
    static String name(View node) {
        var region = node.labels().getOrDefault("topology.kubernetes.io/region", "");
        var zone = node.labels().getOrDefault("topology.kubernetes.io/zone", "");
        return region.isEmpty() && zone.isEmpty() ? "" : region + ":\0:" + zone;
    }

    static Zone of(View node, Collection<View> all) {
        return new Zone(
                all.stream().filter(other -> name(other).equals(name(node))).toList(),
                all.stream().anyMatch(Zone::ready),
                all.size());
    }

    private static boolean ready(View node) {
        return node.condition("Ready").equals("True");
    }

    private static View evicting(View node) {
        return node.spec().get("taints").stream()
                .filter(taint -> taint.get("effect").string().equals("NoExecute")
                        && (taint.get("key").string().equals(NodeLifecycleController.NOT_READY)
                                || taint.get("key").string().equals(NodeLifecycleController.UNREACHABLE)))
                .findFirst()
                .orElse(View.of(null));
    }

    /// How long until pods may be driven from a node that is not ready, zero for now; `null` while nobody knows.
    Duration untilEviction(View node, Instant now) {
        if (evicting(node).exists()) return Duration.ZERO;
        // Nothing is ready: most likely nothing can be seen.
        if (!anyReady) return null;
        long unready = nodes.stream().filter(other -> !ready(other)).count();
        boolean all = unready == nodes.size();
        boolean most = !all && unready > 2 && (double) unready / nodes.size() >= UNHEALTHY;
        if (most && clusterSize <= LARGE) return null;
        // One at a time, the one that has been gone longest first.
        var next = nodes.stream()
                .filter(other -> !ready(other) && !evicting(other).exists())
                .min(Comparator.comparing(Zone::since).thenComparing(View::name));
        if (next.isPresent() && !next.get().name().equals(node.name())) return null;
        var last = nodes.stream()
                .map(other -> Timestamps.parse(evicting(other).get("timeAdded").string()))
                .filter(time -> time != null)
                .max(Comparator.naturalOrder());
        if (last.isEmpty()) return Duration.ZERO;
        var left = Duration.between(now, last.get().plus(most ? SLOW_INTERVAL : INTERVAL));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static String since(View node) {
        return node.status()
                .get("conditions")
                .find("type", "Ready")
                .get("lastTransitionTime")
                .string();
    }
}
