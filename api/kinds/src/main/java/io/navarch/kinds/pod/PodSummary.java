package io.navarch.kinds.pod;

import io.navarch.model.ContainerStateTerminated;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodStatus;
import java.time.Instant;
import java.util.Optional;

/// How a pod's containers are, in the few words of a table.
///
/// @param ready how many are ready of those that stay, sidecars among them
/// @param total how many there are of those
/// @param lastRestart when the last one ended that was started again
record PodSummary(int ready, int total, String reason, int restarts, Optional<Instant> lastRestart) {
    static PodSummary of(Pod pod) {
        return new Summing(pod).sum();
    }

    private static final class Summing {
        private final Pod pod;
        private int ready;
        private String reason;
        private int restarts;
        private Optional<Instant> lastRestart = Optional.empty();

        Summing(Pod pod) {
            this.pod = pod;
            var status = pod.status();
            boolean gated =
                    Pods.condition(pod, PodConditionType.POD_SCHEDULED).reason().equals(Pods.SCHEDULING_GATED);
            reason = gated
                    ? Pods.SCHEDULING_GATED
                    : status.reasonOr(status.raw(PodStatus.PHASE).string());
        }

        PodSummary sum() {
            var inits = pod.spec().initContainers();
            int sidecars = (int) inits.stream().filter(Pods::sidecar).count();
            boolean initializing = init();
            if (!initializing || Pods.isTrue(pod, PodConditionType.INITIALIZED)) {
                // What the others did is over.
                restarts = 0;
                lastRestart = Optional.empty();
                for (var status : pod.status().initContainerStatuses()) if (sidecar(status)) count(status);
                containers();
            }
            if (pod.deleting() && pod.status().reason().equals("NodeLost")) reason = "Unknown";
            else if (Pods.terminating(pod)) reason = "Terminating";
            return new PodSummary(ready, pod.spec().containers().size() + sidecars, reason, restarts, lastRestart);
        }

        private boolean sidecar(ContainerStatus status) {
            return Pods.sidecar(Pods.initContainer(pod, status.name()));
        }

        private void count(ContainerStatus status) {
            restarts += status.restartCount();
            var end = status.lastState().terminated().finishedAt();
            if (end.isPresent()
                    && lastRestart.filter(last -> !last.isBefore(end.get())).isEmpty()) lastRestart = end;
        }

        /// Whether one has not done its part yet.
        private boolean init() {
            int done = 0;
            for (var status : pod.status().initContainerStatuses()) {
                count(status);
                var end = status.state().terminated();
                boolean up = status.started() && sidecar(status);
                if (up && status.ready() && !end.exists()) ready++;
                if (end.exists() && end.exitCode() == 0 || up) {
                    done++;
                    continue;
                }
                var waiting = status.state().waiting().reason();
                boolean waits = !waiting.isEmpty() && !waiting.equals("PodInitializing");
                int all = pod.spec().initContainers().size();
                reason = "Init:" + (end.exists() ? ended(end) : waits ? waiting : done + "/" + all);
                return true;
            }
            return false;
        }

        private void containers() {
            boolean running = false;
            var failure = "";
            for (var status : pod.status().containerStatuses().reversed()) {
                count(status);
                var state = status.state();
                var waiting = state.waiting().reason();
                if (!waiting.isEmpty()) {
                    reason = waiting;
                } else if (state.hasTerminated()) {
                    reason = ended(state.terminated());
                    if (state.terminated().exitCode() != 0) failure = reason;
                } else if (status.ready() && state.hasRunning()) {
                    running = true;
                    ready++;
                }
            }
            if (!reason.equals("Completed")) return;
            if (running && Pods.ready(pod)) reason = "Running";
            else if (!failure.isEmpty()) reason = failure;
            else if (running) reason = "NotReady";
        }

        private static String ended(ContainerStateTerminated end) {
            if (!end.reason().isEmpty()) return end.reason();
            return end.signal() != 0 ? "Signal:" + end.signal() : "ExitCode:" + end.exitCode();
        }
    }
}
