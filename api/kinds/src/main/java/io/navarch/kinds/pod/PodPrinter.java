package io.navarch.kinds.pod;

import io.navarch.kinds.support.Columns;
import io.navarch.model.ContainerStateTerminated;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodStatus;
import io.navarch.objects.Durations;
import io.navarch.schema.ColumnList;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

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
        long ready = pod.status().containerStatuses().stream()
                .filter(ContainerStatus::ready)
                .count();
        return ready + "/" + pod.spec().containers().size();
    }

    private static String restarts(Pod pod, Instant now) {
        int total = Pods.restarts(pod);
        var last = pod.status().containerStatuses().stream()
                .flatMap(status -> status.lastState().terminated().finishedAt().stream())
                .max(Comparator.naturalOrder());
        if (total == 0 || last.isEmpty()) return String.valueOf(total);
        return total + " (" + Durations.human(Duration.between(last.get(), now)) + " ago)";
    }

    static String reason(Pod pod) {
        var status = pod.status();
        boolean gated =
                Pods.condition(pod, PodConditionType.POD_SCHEDULED).reason().equals(Pods.SCHEDULING_GATED);
        var phase = gated
                ? Pods.SCHEDULING_GATED
                : status.reasonOr(status.raw(PodStatus.PHASE).string());
        var initializing = Pods.isTrue(pod, PodConditionType.INITIALIZED) ? Optional.<String>empty() : initReason(pod);
        var reason = initializing.orElseGet(() -> containersReason(pod, phase));
        if (!pod.deleting()) return reason;
        if (status.reason().equals("NodeLost")) return "Unknown";
        return Pods.ended(pod) ? reason : "Terminating";
    }

    /// What the first init container is at that has not done its part; empty when all have.
    private static Optional<String> initReason(Pod pod) {
        int done = 0;
        for (var status : pod.status().initContainerStatuses()) {
            var terminated = status.state().terminated();
            boolean succeeded = terminated.exists() && terminated.exitCode() == 0;
            if (succeeded || status.started() && Pods.sidecar(Pods.initContainer(pod, status.name()))) {
                done++;
                continue;
            }
            if (terminated.exists()) return Optional.of("Init:" + ended(terminated));
            var waiting = status.state().waiting().reason();
            if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) return Optional.of("Init:" + waiting);
            return Optional.of(
                    "Init:" + done + "/" + pod.spec().initContainers().size());
        }
        return Optional.empty();
    }

    private static String ended(ContainerStateTerminated terminated) {
        if (!terminated.reason().isEmpty()) return terminated.reason();
        return terminated.signal() != 0 ? "Signal:" + terminated.signal() : "ExitCode:" + terminated.exitCode();
    }

    private static String containersReason(Pod pod, String phase) {
        var reason = phase;
        boolean running = false;
        for (var status : pod.status().containerStatuses().reversed()) {
            var state = status.state();
            var waiting = state.waiting().reason();
            if (!waiting.isEmpty()) reason = waiting;
            else if (state.hasTerminated()) reason = ended(state.terminated());
            else if (status.ready() && state.hasRunning()) running = true;
        }
        if (!reason.equals("Completed") || !running) return reason;
        return Pods.ready(pod) ? "Running" : "NotReady";
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
