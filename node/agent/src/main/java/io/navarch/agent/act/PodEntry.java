package io.navarch.agent.act;

import io.navarch.agent.decide.Eviction;
import io.navarch.agent.decide.NodeFit;
import io.navarch.agent.decide.PodAdmission;
import io.navarch.agent.decide.PodAdmission.Rejection;
import io.navarch.agent.decide.Preemption;
import io.navarch.agent.decide.Pressure;
import io.navarch.agent.decide.StaticPod;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// How one pod comes onto the node: once, and whoever has come stays.
final class PodEntry {
    private static final Duration ROOM = Duration.ofMillis(200);

    private final WorkerParts parts;
    private final OtherPods others;
    private boolean admitted;
    /// The uids of those that go so that it can come.
    private Set<String> victims = Set.of();

    PodEntry(WorkerParts parts, OtherPods others) {
        this.parts = parts;
        this.others = others;
    }

    /// Whether it is not known yet what others take; whoever completes the count wakes the pod. What the node runs by
    /// itself does not wait for the API. Nor is it known while others are to go and have not gone yet.
    boolean waits(Pod pod) {
        if (admitted || Pods.ended(pod)) return false;
        return victims.stream().anyMatch(parts.allocations()::holds)
                || !parts.allocations().isComplete() && !StaticPod.is(pod) && !begun(pod);
    }

    /// Whether it has not come yet, because others are to go.
    boolean makesRoom() {
        return !admitted && !victims.isEmpty();
    }

    /// When to look again whether it still waits, if nobody will tell.
    Optional<Duration> lookAgain() {
        return victims.isEmpty() ? Optional.empty() : Optional.of(ROOM);
    }

    /// Why the node does not run it, empty when it does.
    Optional<Rejection> rejection(Pod pod) {
        if (admitted || Pods.ended(pod)) return Optional.empty();
        boolean begun = begun(pod);
        var pressures = begun ? Set.<Pressure>of() : parts.pressures().get();
        var refused = parts.admission().rejection(pod, pressures);
        if (refused.isPresent()) return refused;
        if (!begun && parts.shutdown().underWay())
            return Optional.of(new Rejection("NodeShutdown", "Pod was rejected as the node is shutting down."));
        // Whoever lacks devices does not come whatever room there is: nobody has to go for it.
        var without = begun ? Optional.<Rejection>empty() : parts.placement().admit(pod);
        if (without.isPresent()) return without;
        var rejection = taken(pod, begun);
        if (rejection.isPresent() && PodAdmission.critical(pod)) return roomMade(pod, rejection);
        admitted = rejection.isEmpty();
        return rejection;
    }

    /// Ends others so that a pod can run that must. Once they have gone it is looked at anew: somebody else may have
    /// come meanwhile.
    ///
    /// @param rejection why it cannot run now
    private Optional<Rejection> roomMade(Pod pod, Optional<Rejection> rejection) {
        var lacks = parts.allocations().lacking(pod, parts.node().seen());
        if (lacks.isEmpty()) return rejection;
        var preemption = Preemption.of(pod, lacks, others.active());
        if (preemption.rejection().isPresent()) return preemption.rejection();
        var going = new HashSet<String>();
        for (var victim : preemption.victims())
            if (others.evict(victim, Eviction.preemption(victim))) going.add(victim.uid());
        victims = Set.copyOf(going);
        return going.isEmpty() ? rejection : Optional.empty();
    }

    private Optional<Rejection> taken(Pod pod, boolean begun) {
        var allocations = parts.allocations();
        if (begun) {
            allocations.count(pod);
            parts.placement().resume(pod);
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
