package io.navarch.agent.act;

import io.navarch.agent.decide.NodeFit;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.agent.decide.Pressure;
import io.navarch.agent.decide.StaticPod;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import java.util.Optional;
import java.util.Set;

/// How one pod comes onto the node: once, and whoever has come stays.
final class PodEntry {
    private final WorkerParts parts;
    private boolean admitted;

    PodEntry(WorkerParts parts) {
        this.parts = parts;
    }

    /// Whether it is not known yet what others take; whoever completes the count wakes the pod. What the node runs by
    /// itself does not wait for the API.
    boolean waits(Pod pod) {
        return !admitted && !Pods.ended(pod) && !parts.allocations().isComplete() && !StaticPod.is(pod) && !begun(pod);
    }

    /// Why the node does not run it, empty when it does.
    Optional<Rejection> rejection(Pod pod) {
        if (admitted || Pods.ended(pod)) return Optional.empty();
        boolean begun = begun(pod);
        var pressures = begun ? Set.<Pressure>of() : parts.pressures().get();
        var rejection = parts.admission().rejection(pod, pressures).or(() -> taken(pod, begun));
        admitted = rejection.isEmpty();
        return rejection;
    }

    private Optional<Rejection> taken(Pod pod, boolean begun) {
        var allocations = parts.allocations();
        if (begun) {
            allocations.count(pod);
            return Optional.empty();
        }
        var rejection = allocations.admit(pod, parts.node().seen());
        boolean elsewhere = rejection
                .filter(why -> why.reason().equals(NodeFit.AFFINITY) && !StaticPod.is(pod))
                .isPresent();
        // The node may have been given the label just now.
        return elsewhere ? allocations.admit(pod, parts.node().now()) : rejection;
    }

    /// Whether this node has taken it before, if by an earlier agent.
    private boolean begun(Pod pod) {
        return pod.status().hasStartTime()
                || !parts.cache().state(pod.uid()).sandboxes().isEmpty();
    }
}
