package io.navarch.controllers.podautoscaler;

import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What is counted of autoscalers.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`horizontal_pod_autoscaler_controller_*`)
final class AutoscalerMetrics {
    private static final String PREFIX = "horizontal_pod_autoscaler_controller_";
    private static final List<Double> SECONDS = Metric.exponential(0.001, 2, 15);
    private static final Metric LOOKS =
            Metric.counter(PREFIX + "reconciliations_total", "[ALPHA] Looks at autoscalers.", "action", "error");
    private static final Metric LOOK_SECONDS = Metric.histogram(
            PREFIX + "reconciliation_duration_seconds", "[ALPHA] How long a look took.", SECONDS, "action", "error");
    private static final Metric COMPUTATIONS = Metric.counter(
            PREFIX + "metric_computation_total",
            "[ALPHA] Sizes worked out from one metric.",
            "action",
            "error",
            "metric_type");
    private static final Metric COMPUTATION_SECONDS = Metric.histogram(
            PREFIX + "metric_computation_duration_seconds",
            "[ALPHA] How long it took to work out a size from one metric.",
            SECONDS,
            "action",
            "error",
            "metric_type");

    static final List<Metric> ALL = List.of(LOOKS, LOOK_SECONDS, COMPUTATIONS, COMPUTATION_SECONDS);

    private AutoscalerMetrics() {}

    /// A metric that was asked for.
    ///
    /// @param wanted the size that it asks for, `null` when it could not be read
    record Computation(String type, Long wanted, Duration took) {}

    static List<Metric.Sample> looked(
            HorizontalController.Seen seen, List<Action> actions, Duration took, boolean failed) {
        var samples = new ArrayList<Metric.Sample>();
        long current = seen.size() == null ? 0 : seen.size().replicas();
        for (var each : seen.computations()) {
            var action = each.wanted == null ? "none" : action(current, each.wanted);
            var error = each.wanted == null ? "internal" : "none";
            samples.add(COMPUTATIONS.once(action, error, each.type));
            samples.add(COMPUTATION_SECONDS.of(each.took.toNanos() / 1e9, action, error, each.type));
        }
        var action = action(current, scaled(actions, current));
        var error = failed || !seen.failures().isEmpty() ? "internal" : "none";
        samples.add(LOOKS.once(action, error));
        samples.add(LOOK_SECONDS.of(took.toNanos() / 1e9, action, error));
        return samples;
    }

    private static long scaled(List<Action> actions, long current) {
        for (var action : actions)
            if (action instanceof Action.Patch patch && patch.subresource().equals("scale"))
                return View.of(patch.patch()).spec().get("replicas").longOr(current);
        return current;
    }

    private static String action(long current, long wanted) {
        return wanted > current ? "scale_up" : wanted < current ? "scale_down" : "none";
    }
}
