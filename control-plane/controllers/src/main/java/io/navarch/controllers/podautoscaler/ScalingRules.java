package io.navarch.controllers.podautoscaler;

import io.navarch.controllers.ReasonKind;
import io.navarch.model.HPAScalingPolicy;
import io.navarch.model.HPAScalingRules;
import io.navarch.model.HorizontalPodAutoscalerBehavior;
import io.navarch.model.HpaScalingPolicyType;
import io.navarch.model.ScalingPolicySelect;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How fast a size may change.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
public final class ScalingRules {
    private static final int DOWN_WINDOW = 300;

    /// A size that the metrics asked for.
    public record Recommendation(Instant at, long replicas) {}

    /// A change of the size.
    ///
    /// @param by how many pods, negative for fewer
    public record Change(Instant at, long by) {}

    /// The size that is allowed of the size that is wanted.
    ///
    /// @param stabilised why recent recommendations held it back, if they did
    /// @param limit what limited it, or that nothing did
    record Allowed(long replicas, Optional<ReasonKind> stabilised, ReasonKind limit) {}

    private final HorizontalPodAutoscalerBehavior behaviour;
    private final List<Recommendation> recommendations;
    private final List<Change> changes;
    private final Instant now;

    ScalingRules(
            HorizontalPodAutoscalerBehavior behaviour,
            List<Recommendation> recommendations,
            List<Change> changes,
            Instant now) {
        this.behaviour = behaviour;
        this.recommendations = recommendations;
        this.changes = changes;
        this.now = now;
    }

    Allowed allow(long current, long wanted, long least, long most) {
        long stabilised = stabilise(current, wanted);
        Optional<ReasonKind> held = Optional.empty();
        if (wanted < stabilised) held = Optional.of(AutoscalerReason.SCALE_DOWN_STABILIZED);
        if (wanted > stabilised) held = Optional.of(AutoscalerReason.SCALE_UP_STABILIZED);
        if (stabilised > current) {
            long limit = Math.max(limit(true, current), current);
            if (stabilised > limit && limit <= most) return new Allowed(limit, held, AutoscalerReason.SCALE_UP_LIMIT);
        } else if (stabilised < current) {
            long limit = Math.min(limit(false, current), current);
            if (stabilised < limit && limit >= least)
                return new Allowed(limit, held, AutoscalerReason.SCALE_DOWN_LIMIT);
        }
        if (stabilised > most) return new Allowed(most, held, AutoscalerReason.TOO_MANY_REPLICAS);
        if (stabilised < least) return new Allowed(least, held, AutoscalerReason.TOO_FEW_REPLICAS);
        return new Allowed(stabilised, held, AutoscalerReason.DESIRED_WITHIN_RANGE);
    }

    /// Nothing is added that was not wanted all the while, and nothing taken away that was wanted lately.
    private long stabilise(long current, long wanted) {
        int upWindow = behaviour.scaleUp().stabilizationWindowSeconds();
        int downWindow = behaviour.scaleDown().stabilizationWindowSecondsOr(DOWN_WINDOW);
        long up = wanted;
        long down = wanted;
        for (var each : recommendations) {
            if (each.at.plusSeconds(upWindow).isAfter(now)) up = Math.min(up, each.replicas);
            if (each.at.plusSeconds(downWindow).isAfter(now)) down = Math.max(down, each.replicas);
        }
        return Math.min(Math.max(current, up), down);
    }

    /// How far the size may go, up or down.
    private long limit(boolean up, long current) {
        HPAScalingRules rules = up ? behaviour.scaleUp() : behaviour.scaleDown();
        if (rules.selectPolicy() == ScalingPolicySelect.DISABLED) return current;
        boolean widest = rules.selectPolicy() != ScalingPolicySelect.MIN;
        var limits = rules.policies().stream().mapToLong(policy -> ofPolicy(policy, up, current));
        return up == widest ? limits.max().orElse(noLimit(up)) : limits.min().orElse(noLimit(up));
    }

    private static long noLimit(boolean up) {
        return up ? Long.MAX_VALUE : 0;
    }

    private long ofPolicy(HPAScalingPolicy policy, boolean up, long current) {
        int period = policy.periodSeconds();
        long moved = changes.stream()
                .filter(change ->
                        change.by > 0 == up && change.at.plusSeconds(period).isAfter(now))
                .mapToLong(change -> Math.abs(change.by))
                .sum();
        long value = policy.value();
        long start = up ? current - moved : current + moved;
        if (policy.type() == HpaScalingPolicyType.PODS) return up ? start + value : start - value;
        return up ? (long) Math.ceil(start * (1 + value / 100.0)) : (long) (start * (1 - value / 100.0));
    }
}
