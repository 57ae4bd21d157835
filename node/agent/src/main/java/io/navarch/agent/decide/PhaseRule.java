package io.navarch.agent.decide;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.ContainerStateTerminated;
import io.navarch.model.ContainerStatus;
import io.navarch.model.PodPhase;
import io.navarch.model.PodSpec;
import java.util.List;
import java.util.Optional;

/// Which phase a pod is in, by how its containers are.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
///
/// @param inits in the order of the spec, as are the others
record PhaseRule(PodSpec spec, List<ContainerStatus> inits, List<ContainerStatus> containers) {
    /// @param over whether nothing of the pod starts again, whatever its policy
    /// @param initialized whether one of the containers that wait for the initialisation has been started
    PodPhase phase(boolean over, boolean initialized) {
        boolean pending = false;
        boolean sidecarPending = false;
        boolean running = false;
        for (int i = 0; i < inits.size(); i++) {
            var init = spec.initContainers().get(i);
            var status = inits.get(i);
            var end = ended(status);
            if (Pods.sidecar(init)) {
                running |= status.state().hasRunning();
                sidecarPending |= status.state().hasRunning() ? !status.started() : end.isEmpty();
            } else if (end.isEmpty()) {
                pending = true;
            } else if (end.get().exitCode() != 0 && !restarts(init, end.get())) {
                return PodPhase.FAILED;
            }
        }
        if (pending || sidecarPending && !initialized) return PodPhase.PENDING;
        return containers(running, over);
    }

    private PodPhase containers(boolean sidecarRuns, boolean over) {
        boolean running = sidecarRuns;
        boolean restarts = false;
        boolean failed = false;
        for (int i = 0; i < containers.size(); i++) {
            var status = containers.get(i);
            if (status.state().hasRunning()) {
                running = true;
                continue;
            }
            var end = ended(status);
            if (end.isEmpty()) return PodPhase.PENDING;
            restarts |= restarts(spec.containers().get(i), end.get());
            failed |= end.get().exitCode() != 0;
        }
        if (running || restarts && !over) return PodPhase.RUNNING;
        return failed ? PodPhase.FAILED : PodPhase.SUCCEEDED;
    }

    /// How a container has ended that does not run now.
    private static Optional<ContainerStateTerminated> ended(ContainerStatus status) {
        var state = status.state();
        var end = state.hasTerminated()
                ? state.terminated()
                : state.hasWaiting() ? status.lastState().terminated() : ContainerStateTerminated.ABSENT;
        return end.exists() ? Optional.of(end) : Optional.empty();
    }

    private boolean restarts(Container container, ContainerStateTerminated end) {
        return end.reason().equals(ContainerReport.RESTARTING_ALL) || Pods.restarts(container, spec, end.exitCode());
    }
}
