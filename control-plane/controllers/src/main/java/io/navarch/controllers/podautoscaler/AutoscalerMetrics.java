package io.navarch.controllers.podautoscaler;

import io.navarch.model.Scale;
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

    static List<Metric.Sample> synced(AutoscalerState seen, List<Action> actions, Duration took, boolean failed) {
        var samples = new ArrayList<Metric.Sample>();
        var readings = seen.readings();
        long current = readings.target().map(ScaleTarget::replicas).orElse(0);
        for (var each : readings.computations()) {
            var action = each.wanted().map(wanted -> action(current, wanted)).orElse("none");
            var error = each.wanted().isPresent() ? "none" : "internal";
            samples.add(COMPUTATIONS.once(action, error, each.type()));
            samples.add(COMPUTATION_SECONDS.of(each.took().toNanos() / 1e9, action, error, each.type()));
        }
        var action = action(current, scaled(actions, current));
        var error = failed || !readings.failures().isEmpty() ? "internal" : "none";
        samples.add(LOOKS.once(action, error));
        samples.add(LOOK_SECONDS.of(took.toNanos() / 1e9, action, error));
        return samples;
    }

    private static long scaled(List<Action> actions, long current) {
        for (var action : actions) {
            if (action instanceof Action.Patch patch && patch.subresource().equals("scale"))
                return Scale.of(View.of(patch.patch())).spec().replicas();
        }
        return current;
    }

    private static String action(long current, long wanted) {
        if (wanted == current) return "none";
        return wanted > current ? "scale_up" : "scale_down";
    }
}
