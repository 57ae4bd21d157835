package io.navarch.controllers.node;

import io.navarch.kinds.node.Nodes;
import io.navarch.kinds.node.Taints;
import io.navarch.model.Node;
import io.navarch.model.NodeConditionType;
import io.navarch.model.Taint;
import io.navarch.model.TaintEffect;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The state of the nodes of one zone, and so how fast pods may be evicted from those that are not ready: when many
/// fail
/// at once, it is more likely that the control plane cannot see them than that all of them are broken.
///
/// Source: https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction
///
/// @param nodes those of the zone
/// @param anyReady whether any node of the cluster is ready
/// @param clusterSize how many nodes the cluster has
record Zone(List<Node> nodes, boolean anyReady, int clusterSize) {
    /// One node in ten seconds (`--node-eviction-rate`); in a zone that is mostly down one in a hundred.
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Duration SLOW_INTERVAL = Duration.ofSeconds(100);

    /// `--unhealthy-zone-threshold`: from this share of unready nodes on, a zone counts as mostly down.
    private static final double UNHEALTHY = 0.55;

    /// `--large-cluster-size-threshold`: in a smaller cluster nobody is evicted from a zone that is mostly down.
    private static final int LARGE = 50;

    private static final Set<String> EVICTING = Set.of(Taints.NOT_READY, Taints.UNREACHABLE);

    /// The key that the original puts a zone under: region and zone separated by a NUL, nothing where there are none.
    static String name(Node node) {
        var region = Nodes.region(node);
        var zone = Nodes.zone(node);
        return region.isEmpty() && zone.isEmpty() ? "" : region + ":\0:" + zone;
    }

    static Zone of(Node node, Collection<Node> all) {
        return new Zone(
                all.stream().filter(other -> name(other).equals(name(node))).toList(),
                all.stream().anyMatch(Nodes::ready),
                all.size());
    }

    private static Optional<Taint> evicting(Node node) {
        return node.spec().taints().stream()
                .filter(taint -> taint.effect() == TaintEffect.NO_EXECUTE && EVICTING.contains(taint.key()))
                .findFirst();
    }

    /// How long until pods may be evicted from a node that is not ready, zero for now; empty while nobody knows.
    Optional<Duration> untilEviction(Node node, Instant now) {
        if (evicting(node).isPresent()) return Optional.of(Duration.ZERO);
        // Nothing is ready: most likely nothing can be seen.
        if (!anyReady) return Optional.empty();
        boolean down = mostlyDown();
        if (down && clusterSize <= LARGE) return Optional.empty();
        if (!isNext(node)) return Optional.empty();
        var last = nodes.stream()
                .flatMap(other -> evicting(other).flatMap(Taint::timeAdded).stream())
                .max(Comparator.naturalOrder());
        return Optional.of(last.map(time -> Duration.between(now, time.plus(down ? SLOW_INTERVAL : INTERVAL)))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO));
    }

    private boolean mostlyDown() {
        long unready = nodes.stream().filter(other -> !Nodes.ready(other)).count();
        return unready < nodes.size() && unready > 2 && (double) unready / nodes.size() >= UNHEALTHY;
    }

    /// One node at a time, the one that has been gone longest first.
    private boolean isNext(Node node) {
        return nodes.stream()
                .filter(other -> !Nodes.ready(other) && evicting(other).isEmpty())
                .min(Comparator.comparing(Zone::since).thenComparing(Node::name))
                .filter(next -> !next.name().equals(node.name()))
                .isEmpty();
    }

    private static Instant since(Node node) {
        return Nodes.condition(node, NodeConditionType.READY)
                .lastTransitionTime()
                .orElse(Instant.MIN);
    }
}
