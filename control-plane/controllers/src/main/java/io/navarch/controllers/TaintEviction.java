package io.navarch.controllers;

import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a pod is evicted because of a taint, once it is known when: its status says why, an event says that, and it is
/// counted.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`taint_eviction_controller_*`)
public final class TaintEviction {
    private final Reason reason;
    private final String event;
    private final Metric deletions;
    private final Metric latency;

    /// @param prefix of the metrics, such as `taint_eviction_controller`
    /// @param reason of the pod's condition `DisruptionTarget`
    /// @param message of that condition
    /// @param event reason of the event
    public TaintEviction(String prefix, String reason, String message, String event) {
        this.reason = Reason.of(reason, message);
        this.event = event;
        deletions = Metric.counter(prefix + "_pod_deletions_total", "[ALPHA] Pods that went because of a taint.");
        latency = Metric.histogram(
                prefix + "_pod_deletion_duration_seconds",
                "[ALPHA] Time between when a pod had to go and when it was told.",
                List.of(0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 10.0, 30.0, 60.0, 120.0, 180.0, 240.0));
    }

    public List<Metric> metrics() {
        return List.of(deletions, latency);
    }

    /// @param due when the pod has to go, empty when it may stay
    public Decision decide(Pod pod, Optional<Instant> due, Instant now) {
        if (due.isEmpty()) return Decision.NOTHING;
        var left = Duration.between(now, due.get());
        if (left.isPositive())
            return Decision.builder().requeueAfter(left.plusMillis(10)).build();
        var actions = new ArrayList<Action>();
        Disruption.target(pod, reason, now).ifPresent(actions::add);
        actions.add(Action.RecordEvent.normal(pod, event, "Marking for deletion Pod " + pod.key()));
        double late = -left.toMillis() / 1e3;
        var counted = EventTemplate.NONE.counting(List.of(deletions.once(), latency.of(late)), List.of());
        actions.add(new Action.Delete(Resources.PODS, pod.key(), pod.uid(), counted));
        return Decision.of(actions);
    }
}
