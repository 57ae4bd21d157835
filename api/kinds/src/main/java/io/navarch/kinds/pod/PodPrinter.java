package io.navarch.kinds.pod;

import io.navarch.kinds.support.Columns;
import io.navarch.objects.Durations;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition.Column;
import java.time.Instant;
import java.util.List;

/// A pod as `kubectl get pods` shows it.
final class PodPrinter {
    private PodPrinter() {}

    static Column[] columns() {
        return new Column[] {
            Columns.NAME,
            Columns.text("Ready", PodPrinter::ready),
            Columns.text("Status", PodPrinter::reason),
            Columns.timed("Restarts", PodPrinter::restarts),
            Columns.AGE,
            Columns.wide("IP", pod -> Columns.orNone(pod.status().get("podIP").string())),
            Columns.wide(
                    "Node", pod -> Columns.orNone(pod.spec().get("nodeName").string())),
            Columns.wide(
                    "Nominated Node",
                    pod -> Columns.orNone(pod.status().get("nominatedNodeName").string())),
            Columns.wide("Readiness Gates", PodPrinter::gates)
        };
    }

    private static String ready(View pod) {
        long ready = pod.status().get("containerStatuses").stream()
                .filter(status -> status.get("ready").bool())
                .count();
        return ready + "/" + pod.spec().get("containers").list().size();
    }

    private static Object restarts(View pod, Instant now) {
        long total = 0;
        Instant last = null;
        for (var status : pod.status().get("containerStatuses").views()) {
            total += status.get("restartCount").longOr(0);
            var finished = Timestamps.parse(
                    status.get("lastState", "terminated", "finishedAt").string());
            if (finished != null && (last == null || finished.isAfter(last))) last = finished;
        }
        if (total == 0 || last == null) return String.valueOf(total);
        return total + " (" + Durations.human(java.time.Duration.between(last, now)) + " ago)";
    }

    static String reason(View pod) {
        var status = pod.status();
        var reason = status.get("reason").stringOr(status.get("phase").string());
        if (status.get("conditions")
                .find("type", "PodScheduled")
                .get("reason")
                .string()
                .equals("SchedulingGated")) {
            reason = "SchedulingGated";
        }
        var initializing = initReason(pod);
        boolean initialized = pod.condition("Initialized").equals("True");
        if (initializing != null && !initialized) reason = initializing;
        else reason = containersReason(pod, reason);
        if (pod.deleting()) {
            if (status.get("reason").string().equals("NodeLost")) return "Unknown";
            boolean ended =
                    List.of("Succeeded", "Failed").contains(status.get("phase").string());
            if (!ended) return "Terminating";
        }
        return reason;
    }

    private static String initReason(View pod) {
        var statuses = pod.status().get("initContainerStatuses").views();
        for (int i = 0; i < statuses.size(); i++) {
            var state = statuses.get(i).get("state");
            var terminated = state.get("terminated");
            if (terminated.exists() && terminated.get("exitCode").longOr(0) == 0) continue;
            if (statuses.get(i).get("started").bool()
                    && sidecar(pod, statuses.get(i).get("name").string())) continue;
            if (terminated.exists()) return "Init:" + ended(terminated);
            var waiting = state.get("waiting", "reason").string();
            if (!waiting.isEmpty() && !waiting.equals("PodInitializing")) return "Init:" + waiting;
            return "Init:" + i + "/" + pod.spec().get("initContainers").list().size();
        }
        return null;
    }

    private static boolean sidecar(View pod, String name) {
        return pod.spec()
                .get("initContainers")
                .find("name", name)
                .get("restartPolicy")
                .string()
                .equals("Always");
    }

    private static String ended(View terminated) {
        var reason = terminated.get("reason").string();
        if (!reason.isEmpty()) return reason;
        return terminated.get("signal").longOr(0) != 0
                ? "Signal:" + terminated.get("signal").longOr(0)
                : "ExitCode:" + terminated.get("exitCode").longOr(0);
    }

    private static String containersReason(View pod, String phase) {
        var reason = phase;
        boolean running = false;
        var statuses = pod.status().get("containerStatuses").views();
        for (int i = statuses.size() - 1; i >= 0; i--) {
            var state = statuses.get(i).get("state");
            var waiting = state.get("waiting", "reason").string();
            if (!waiting.isEmpty()) reason = waiting;
            else if (state.get("terminated").exists()) reason = ended(state.get("terminated"));
            else if (statuses.get(i).get("ready").bool() && state.get("running").exists()) running = true;
        }
        if (reason.equals("Completed") && running) {
            return pod.condition("Ready").equals("True") ? "Running" : "NotReady";
        }
        return reason;
    }

    private static String gates(View pod) {
        var gates = pod.spec().get("readinessGates").views();
        if (gates.isEmpty()) return "<none>";
        long met = gates.stream()
                .filter(gate ->
                        pod.condition(gate.get("conditionType").string()).equals("True"))
                .count();
        return met + "/" + gates.size();
    }
}
