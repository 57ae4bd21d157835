package io.navarch.controllers;

import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What is counted of pods that go because of a taint.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`taint_eviction_controller_*`)
public final class TaintMetrics {
    private final Metric deletions;
    private final Metric latency;

    /// @param prefix such as `taint_eviction_controller`
    public TaintMetrics(String prefix) {
        deletions = Metric.counter(prefix + "_pod_deletions_total", "[ALPHA] Pods that went because of a taint.");
        latency = Metric.histogram(
                prefix + "_pod_deletion_duration_seconds",
                "[ALPHA] Time between when a pod had to go and when it was told.",
                List.of(0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 10.0, 30.0, 60.0, 120.0, 180.0, 240.0));
    }

    public List<Metric> all() {
        return List.of(deletions, latency);
    }

    /// The deletion of a pod that had to go at `due`.
    public Action.Story deletion(Instant due, Instant now) {
        double late = Math.max(0, Duration.between(due, now).toMillis() / 1e3);
        return Action.Story.NONE.counting(List.of(deletions.once(), latency.of(late)), List.of());
    }
}
