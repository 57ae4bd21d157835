package io.navarch.controllers.node;

import io.navarch.client.Caches;
import io.navarch.kinds.node.Nodes;
import io.navarch.kinds.node.Taints;
import io.navarch.model.Node;
import io.navarch.model.NodeConditionType;
import io.navarch.model.Resources;
import io.navarch.model.Taint;
import io.navarch.model.TaintEffect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The state of the nodes of one zone, and so how fast pods may be evicted from those that are not ready: when
/// many fail at once, it is more likely that the control plane cannot see them than that all of them are
/// broken. Indexes count and order the nodes, so that a look at one costs the same among any number of others.
///
/// Source: https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction
///
/// @param size how many nodes the zone has
/// @param unready how many of them are not ready
/// @param anyReady whether any node of the cluster is ready
/// @param clusterSize how many nodes the cluster has
/// @param next the name of the node to evict pods from next: the one that has been gone longest; `""` for none
/// @param last when pods were last evicted from a node
public record Zone(int size, int unready, boolean anyReady, int clusterSize, String next, Optional<Instant> last) {
    /// One node in ten seconds (`--node-eviction-rate`); in a zone that is mostly down one in a hundred.
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Duration SLOW_INTERVAL = Duration.ofSeconds(100);

    /// `--unhealthy-zone-threshold`: from this share of unready nodes on, a zone counts as mostly down.
    private static final double UNHEALTHY = 0.55;

    /// `--large-cluster-size-threshold`: in a smaller cluster nobody is evicted from a zone that is mostly down.
    private static final int LARGE = 50;

    private static final String ALL = "all";
    private static final String NODES = "nodes of zones";
    private static final String READY = "ready";
    private static final String UNREADY = "unready of zones";
    private static final String GONE = "gone";
    private static final String EVICTED = "evicted";

    private static final Set<String> EVICTING = Set.of(Taints.NOT_READY, Taints.UNREACHABLE);

    /// The key that the original puts a zone under: region and zone separated by a NUL, nothing where there are none.
    static String name(Node node) {
        var region = Nodes.region(node);
        var zone = Nodes.zone(node);
        return region.isEmpty() && zone.isEmpty() ? "" : region + ":\0:" + zone;
    }

    /// Keeps the indexes that [#of] reads.
    static void index(Caches caches) {
        caches.of(Resources.NODES)
                .indexedBy(NODES, node -> List.of(ALL, zoned(node)))
                .indexedBy(READY, node -> Nodes.ready(node) ? List.of(ALL) : List.of())
                .indexedBy(UNREADY, node -> Nodes.ready(node) ? List.of() : List.of(zoned(node)))
                .indexedBy(GONE, Zone::gone)
                .indexedBy(EVICTED, Zone::evicted);
    }

    static Zone of(Caches caches, Node node) {
        var nodes = caches.of(Resources.NODES);
        var zone = zoned(node);
        return new Zone(
                nodes.count(NODES, zone),
                nodes.count(UNREADY, zone),
                nodes.count(READY, ALL) > 0,
                nodes.count(NODES, ALL),
                nodes.first(GONE, zone).name(),
                evicting(nodes.last(EVICTED, zone)).flatMap(Taint::timeAdded));
    }

    /// The key of a node's zone in indexes; no other zone's begins like it.
    private static String zoned(Node node) {
        return "zone " + name(node) + "\n";
    }

    /// Those that wait for eviction, in the order of time, then of names.
    private static List<String> gone(Node node) {
        return Nodes.ready(node) || evicting(node).isPresent()
                ? List.of()
                : List.of(zoned(node) + sortable(since(node)) + node.name());
    }

    private static List<String> evicted(Node node) {
        return evicting(node).flatMap(Taint::timeAdded).stream()
                .map(time -> zoned(node) + sortable(time))
                .toList();
    }

    /// Texts that are in the order of the times.
    private static String sortable(Instant time) {
        return "%019d%09d ".formatted(time.getEpochSecond() - Instant.MIN.getEpochSecond(), time.getNano());
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
        if (!next.equals(node.name())) return Optional.empty();
        return Optional.of(last.map(time -> Duration.between(now, time.plus(down ? SLOW_INTERVAL : INTERVAL)))
                .filter(Duration::isPositive)
                .orElse(Duration.ZERO));
    }

    private boolean mostlyDown() {
        return unready < size && unready > 2 && (double) unready / size >= UNHEALTHY;
    }

    private static Instant since(Node node) {
        return Nodes.condition(node, NodeConditionType.READY)
                .lastTransitionTime()
                .orElse(Instant.MIN);
    }
}
