package io.navarch.controllers.podautoscaler;

import io.navarch.objects.View;
import java.time.Instant;
import java.util.List;

/// How fast a size may change.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
final class ScalingRules {
    /// @param at when it was asked for
    record Recommendation(Instant at, long replicas) {}

    /// @param at when the size was changed
    /// @param by how many pods, negative for fewer
    record Change(Instant at, long by) {}

    /// What may be done of what is wanted, and what held it back (`""`: nothing).
    record Allowed(long replicas, String stabilised, String limit, String message) {}

    private final View behaviour;
    private final List<Recommendation> recommendations;
    private final List<Change> changes;
    private final Instant now;

    ScalingRules(View behaviour, List<Recommendation> recommendations, List<Change> changes, Instant now) {
        this.behaviour = behaviour;
        this.recommendations = recommendations;
        this.changes = changes;
        this.now = now;
    }

    private long window(String direction, long fallback) {
        return behaviour.get(direction, "stabilizationWindowSeconds").longOr(fallback);
    }

    Allowed allow(long current, long wanted, long least, long most) {
        long up = wanted;
        long down = wanted;
        for (var each : recommendations) {
            if (each.at.plusSeconds(window("scaleUp", 0)).isAfter(now)) up = Math.min(up, each.replicas);
            if (each.at.plusSeconds(window("scaleDown", 300)).isAfter(now)) down = Math.max(down, each.replicas);
        }
        long stabilised = current;
        if (stabilised < up) stabilised = up;
        if (stabilised > down) stabilised = down;
        var held = stabilised == wanted ? "" : wanted < stabilised ? "ScaleDownStabilized" : "ScaleUpStabilized";
        if (stabilised > current) {
            long limit = limit("scaleUp", current);
            if (limit < current) limit = current;
            if (stabilised > Math.min(limit, most))
                return limit > most
                        ? new Allowed(
                                most,
                                held,
                                "TooManyReplicas",
                                "the desired replica count is more than the maximum replica count")
                        : new Allowed(
                                limit,
                                held,
                                "ScaleUpLimit",
                                "the desired replica count is increasing faster than the maximum scale rate");
        } else if (stabilised < current) {
            long limit = Math.min(limit("scaleDown", current), current);
            if (stabilised < Math.max(limit, least))
                return limit < least
                        ? new Allowed(
                                least,
                                held,
                                "TooFewReplicas",
                                "the desired replica count is less than the minimum replica count")
                        : new Allowed(
                                limit,
                                held,
                                "ScaleDownLimit",
                                "the desired replica count is decreasing faster than the maximum scale rate");
        }
        if (stabilised > most)
            return new Allowed(
                    most, held, "TooManyReplicas", "the desired replica count is more than the maximum replica count");
        if (stabilised < least)
            return new Allowed(
                    least, held, "TooFewReplicas", "the desired replica count is less than the minimum replica count");
        return new Allowed(stabilised, held, "", "the desired count is within the acceptable range");
    }

    private long limit(String direction, long current) {
        boolean up = direction.equals("scaleUp");
        var rules = behaviour.get(direction);
        var select = rules.get("selectPolicy").stringOr("Max");
        if (select.equals("Disabled")) return current;
        boolean widest = select.equals("Max");
        Long best = null;
        for (var policy : rules.get("policies").views()) {
            long limit = ofPolicy(policy, up, current);
            if (best == null) best = limit;
            else best = up == widest ? Math.max(best, limit) : Math.min(best, limit);
        }
        return best == null ? up ? Long.MAX_VALUE : 0 : best;
    }

    private long ofPolicy(View policy, boolean up, long current) {
        long moved = 0;
        for (var change : changes)
            if (change.by > 0 == up
                    && change.at
                            .plusSeconds(policy.get("periodSeconds").longOr(0))
                            .isAfter(now)) moved += Math.abs(change.by);
        long value = policy.get("value").longOr(0);
        long start = up ? current - moved : current + moved;
        if (policy.get("type").string().equals("Pods")) return up ? start + value : start - value;
        return up ? (long) Math.ceil(start * (1 + value / 100.0)) : (long) (start * (1 - value / 100.0));
    }
}
