package io.navarch.controllers.node;

import io.navarch.kinds.node.Nodes;
import io.navarch.kinds.node.Taints;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Node;
import io.navarch.model.NodeConditionType;
import io.navarch.model.Taint;
import io.navarch.model.TaintEffect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The taints that a node gets for its conditions. All others are left as they are.
///
/// Source: https://kubernetes.io/docs/reference/labels-annotations-taints/
final class NodeTaints {
    private NodeTaints() {}

    private enum Pressure {
        MEMORY(NodeConditionType.MEMORY_PRESSURE, Taints.MEMORY_PRESSURE),
        DISK(NodeConditionType.DISK_PRESSURE, Taints.DISK_PRESSURE),
        PID(NodeConditionType.PID_PRESSURE, Taints.PID_PRESSURE),
        NETWORK(NodeConditionType.NETWORK_UNAVAILABLE, Taints.NETWORK_UNAVAILABLE);

        private final String condition;
        private final String taint;

        Pressure(String condition, String taint) {
            this.condition = condition;
            this.taint = taint;
        }

        boolean on(Node node) {
            return Nodes.condition(node, condition).status() == ConditionStatus.TRUE;
        }
    }

    private static final Set<String> OURS = Stream.concat(
                    Stream.of(Taints.NOT_READY, Taints.UNREACHABLE, Taints.UNSCHEDULABLE),
                    Stream.of(Pressure.values()).map(pressure -> pressure.taint))
            .collect(Collectors.toUnmodifiableSet());

    /// @param ready the status of the node's condition `Ready`
    /// @param evict whether pods are evicted, besides that no new ones come
    static List<Taint> wanted(Node node, ConditionStatus ready, boolean evict, Instant now) {
        var wanted = new ArrayList<Taint>();
        for (var taint : node.spec().taints()) if (!OURS.contains(taint.key())) wanted.add(taint);
        var effects =
                evict ? List.of(TaintEffect.NO_SCHEDULE, TaintEffect.NO_EXECUTE) : List.of(TaintEffect.NO_SCHEDULE);
        readiness(ready).ifPresent(key -> {
            for (var effect : effects) wanted.add(kept(node, key, effect, now));
        });
        for (var pressure : EnumSet.allOf(Pressure.class)) {
            if (pressure.on(node))
                wanted.add(taint(pressure.taint, TaintEffect.NO_SCHEDULE).build());
        }
        if (node.spec().unschedulable()) wanted.add(unschedulable(node, now));
        return wanted;
    }

    private static Optional<String> readiness(ConditionStatus ready) {
        return switch (ready) {
            case FALSE, UNSET -> Optional.of(Taints.NOT_READY);
            case UNKNOWN -> Optional.of(Taints.UNREACHABLE);
            case TRUE, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static Taint.Builder taint(String key, TaintEffect effect) {
        return Taint.builder().key(key).effect(effect);
    }

    /// The taint with the time at which the node got it.
    private static Taint kept(Node node, String key, TaintEffect effect, Instant now) {
        var since = node.spec().taints().stream()
                .filter(taint -> taint.key().equals(key) && taint.effect() == effect)
                .flatMap(taint -> taint.timeAdded().stream())
                .findFirst();
        return taint(key, effect).timeAdded(since.orElse(now)).build();
    }

    private static Taint unschedulable(Node node, Instant now) {
        return node.spec().taints().stream()
                .filter(taint -> taint.key().equals(Taints.UNSCHEDULABLE))
                .findFirst()
                .orElseGet(() -> taint(Taints.UNSCHEDULABLE, TaintEffect.NO_SCHEDULE)
                        .timeAdded(now)
                        .build());
    }

    /// Whether pods are evicted because of one of these.
    static boolean evict(List<Taint> taints) {
        return taints.stream()
                .anyMatch(taint -> taint.effect() == TaintEffect.NO_EXECUTE && OURS.contains(taint.key()));
    }
}
