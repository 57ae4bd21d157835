package io.navarch.agent.decide;

import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import java.util.Optional;

/// The end of a pod that the node puts an end to.
///
/// @param reason of its status and Event
/// @param message the same
/// @param graceSeconds that its containers have at most
/// @param disruption what its condition says of an end for others' sake, empty when it goes for what it did itself
public record Eviction(String reason, String message, long graceSeconds, Optional<String> disruption) {
    /// Who takes what others need is not waited for.
    public static final long AT_ONCE = 1;

    private static final String EVICTED = "Evicted";
    private static final String TERMINATED = "Terminated";

    /// Of a pod that has become larger than it said it would.
    public static Eviction of(String message) {
        return new Eviction(EVICTED, message, AT_ONCE, Optional.empty());
    }

    /// Of a pod that goes because the node is short of something.
    public static Eviction shortage(String message, long graceSeconds) {
        return new Eviction(EVICTED, message, graceSeconds, Optional.of(message));
    }

    /// Of a pod that makes room for one that is there for the system itself.
    public static Eviction preemption(Pod pod) {
        return new Eviction(
                "Preempting",
                "Preempted in order to admit critical pod",
                PodLifecycle.graceSeconds(pod),
                Optional.of("Pod was preempted by Kubelet to accommodate a critical pod."));
    }

    /// Of a pod whose machine is shut down.
    public static Eviction shutdown(long graceSeconds) {
        var message = "Pod was terminated in response to imminent node shutdown.";
        return new Eviction(TERMINATED, message, graceSeconds, Optional.of(message));
    }

    /// Whether an Event tells of it, too.
    public boolean told() {
        return !reason.equals(TERMINATED);
    }

    /// What becomes of a pod that would be in this phase.
    public PodPhase ended(PodPhase phase) {
        return reason.equals(TERMINATED) && phase == PodPhase.SUCCEEDED ? phase : PodPhase.FAILED;
    }
}
