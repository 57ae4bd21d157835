package io.navarch.kinds.pod;

import io.navarch.kinds.support.Columns;
import io.navarch.model.Pod;
import io.navarch.objects.Durations;
import io.navarch.schema.ColumnList;
import java.time.Duration;
import java.time.Instant;

/// A pod as `kubectl get pods` shows it.
final class PodPrinter {
    private PodPrinter() {}

    static void columns(ColumnList<Pod> columns) {
        columns.name()
                .text("Ready", PodPrinter::ready)
                .text("Status", PodPrinter::reason)
                .timed("Restarts", PodPrinter::restarts)
                .age()
                .wide("IP", pod -> Columns.orNone(pod.status().podIP()))
                .wide("Node", pod -> Columns.orNone(pod.spec().nodeName()))
                .wide("Nominated Node", pod -> Columns.orNone(pod.status().nominatedNodeName()))
                .wide("Readiness Gates", PodPrinter::gates);
    }

    private static String ready(Pod pod) {
        var summary = PodSummary.of(pod);
        return summary.ready() + "/" + summary.total();
    }

    private static String restarts(Pod pod, Instant now) {
        var summary = PodSummary.of(pod);
        var last = summary.lastRestart();
        if (summary.restarts() == 0 || last.isEmpty()) return String.valueOf(summary.restarts());
        return summary.restarts() + " (" + Durations.human(Duration.between(last.get(), now)) + " ago)";
    }

    static String reason(Pod pod) {
        return PodSummary.of(pod).reason();
    }

    private static String gates(Pod pod) {
        var gates = pod.spec().readinessGates();
        if (gates.isEmpty()) return "<none>";
        long met = gates.stream()
                .filter(gate -> Pods.isTrue(pod, gate.conditionType()))
                .count();
        return met + "/" + gates.size();
    }
}
