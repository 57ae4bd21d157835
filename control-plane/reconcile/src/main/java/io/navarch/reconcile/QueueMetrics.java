package io.navarch.reconcile;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.Collection;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.function.Supplier;

/// The metrics of a work queue, under the names of client-go's.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`workqueue_*`)
final class QueueMetrics {
    private static final List<Double> BOUNDS = Metric.exponential(1e-8, 10, 12);
    private static final Metric ADDS =
            Metric.counter("workqueue_adds_total", "[ALPHA] Keys that came into the queue.", "name");
    private static final Metric RETRIES =
            Metric.counter("workqueue_retries_total", "[ALPHA] Keys that came back after a failure.", "name");
    private static final Metric QUEUED = Metric.histogram(
            "workqueue_queue_duration_seconds", "[ALPHA] How long keys waited in the queue.", BOUNDS, "name");
    private static final Metric WORKED =
            Metric.histogram("workqueue_work_duration_seconds", "[ALPHA] How long work on a key took.", BOUNDS, "name");
    private static final Metric DEPTH = Metric.gauge("workqueue_depth", "[ALPHA] Keys in the queue.", "name");
    private static final Metric UNFINISHED = Metric.gauge(
            "workqueue_unfinished_work_seconds", "[ALPHA] Time that work now going on has taken so far.", "name");
    private static final Metric LONGEST = Metric.gauge(
            "workqueue_longest_running_processor_seconds",
            "[ALPHA] Time that the longest work now going on has taken so far.",
            "name");

    private final Metrics metrics;
    private final String name;

    /// @param depth how many keys are ready
    /// @param running for how many nanoseconds each key has been worked on
    QueueMetrics(Metrics metrics, String name, Supplier<Integer> depth, Supplier<LongSummaryStatistics> running) {
        this.metrics = metrics;
        this.name = name;
        metrics.record(ADDS.of(0, name));
        metrics.record(RETRIES.of(0, name));
        metrics.registerGauges(() -> gauges(depth.get(), running.get()));
    }

    private Collection<Metric.Sample> gauges(int depth, LongSummaryStatistics running) {
        return List.of(
                DEPTH.of(depth, name),
                UNFINISHED.of(running.getSum() / 1e9, name),
                LONGEST.of(running.getCount() == 0 ? 0 : running.getMax() / 1e9, name));
    }

    void added() {
        metrics.record(ADDS.once(name));
    }

    void retried() {
        metrics.record(RETRIES.once(name));
    }

    void taken(long waitedNanos) {
        metrics.record(QUEUED.of(waitedNanos / 1e9, name));
    }

    void done(long workedNanos) {
        metrics.record(WORKED.of(workedNanos / 1e9, name));
    }
}
