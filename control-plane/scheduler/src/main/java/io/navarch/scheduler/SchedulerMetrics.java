package io.navarch.scheduler;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// How scheduling goes, under the names of kube-scheduler.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`scheduler_*`)
final class SchedulerMetrics {
    static final String SCHEDULED = "scheduled";
    static final String UNSCHEDULABLE = "unschedulable";
    static final String ERROR = "error";

    private static final String PROFILE = "default-scheduler";
    /// Pods that were tried that often are counted together.
    private static final int MANY = 15;

    private static final List<Double> BOUNDS = Metric.exponential(0.001, 2, 15);
    private static final Metric ATTEMPTS = Metric.counter(
            "scheduler_schedule_attempts_total", "[STABLE] Attempts to schedule pods.", "profile", "result");
    private static final Metric ATTEMPT = Metric.histogram(
            "scheduler_scheduling_attempt_duration_seconds",
            "[STABLE] How long attempts took, with binding.",
            BOUNDS,
            "profile",
            "result");
    private static final Metric ALGORITHM = Metric.histogram(
            "scheduler_scheduling_algorithm_duration_seconds", "[ALPHA] How long it took to find a node.", BOUNDS);
    private static final Metric POD = Metric.histogram(
            "scheduler_pod_scheduling_sli_duration_seconds",
            "[BETA] How long it took from a pod's first attempt until it was bound.",
            Metric.exponential(0.01, 2, 20),
            "attempts");
    private static final Metric POD_ATTEMPTS = Metric.histogram(
            "scheduler_pod_scheduling_attempts",
            "[STABLE] Attempts until a pod was bound.",
            Metric.exponential(1, 2, 5));
    private static final Metric PREEMPTIONS =
            Metric.counter("scheduler_preemption_attempts_total", "[STABLE] Attempts to make room for a pod.");
    private static final Metric VICTIMS = Metric.histogram(
            "scheduler_preemption_victims",
            "[STABLE] Pods that have to go for another one.",
            Metric.exponential(1, 2, 7));
    private static final Metric PENDING =
            Metric.gauge("scheduler_pending_pods", "[STABLE] Pods that wait for a node.", "queue");
    private static final Metric CACHE =
            Metric.gauge("scheduler_cache_size", "[ALPHA] What is known of the cluster.", "type");

    private final Metrics metrics;
    private final LongSupplier nanos;

    /// @param pending how many pods wait, by what for
    /// @param known how much is known of the cluster, by what
    SchedulerMetrics(
            Metrics metrics,
            LongSupplier nanos,
            Supplier<Map<String, Integer>> pending,
            Supplier<Map<String, Integer>> known) {
        this.metrics = metrics;
        this.nanos = nanos;
        for (var each : List.of(ATTEMPT, ALGORITHM, POD, POD_ATTEMPTS, VICTIMS)) metrics.declare(each);
        metrics.record(PREEMPTIONS.of(0));
        for (var result : List.of(SCHEDULED, UNSCHEDULABLE, ERROR)) metrics.record(ATTEMPTS.of(0, PROFILE, result));
        metrics.registerGauges(() -> samples(PENDING, pending.get()));
        metrics.registerGauges(() -> samples(CACHE, known.get()));
    }

    private static List<Metric.Sample> samples(Metric metric, Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> metric.of(entry.getValue(), entry.getKey()))
                .toList();
    }

    long now() {
        return nanos.getAsLong();
    }

    private double seconds(long since) {
        return (now() - since) / 1e9;
    }

    /// A node was looked for.
    void decided(long since) {
        metrics.record(ALGORITHM.of(seconds(since)));
    }

    /// An attempt is over.
    ///
    /// @param since when it began
    void ended(String result, long since) {
        metrics.record(ATTEMPTS.once(PROFILE, result));
        metrics.record(ATTEMPT.of(seconds(since), PROFILE, result));
    }

    /// A pod has its node.
    ///
    /// @param since when it was tried first
    void bound(int attempts, long since) {
        metrics.record(POD_ATTEMPTS.of(attempts));
        metrics.record(POD.of(seconds(since), attempts >= MANY ? MANY + "+" : String.valueOf(attempts)));
    }

    /// It was tried to make room.
    ///
    /// @param victims how many have to go, 0 when that would not help
    void preempted(int victims) {
        metrics.record(PREEMPTIONS.once());
        if (victims > 0) metrics.record(VICTIMS.of(victims));
    }
}
