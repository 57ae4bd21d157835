package io.navarch.controllers;

import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodPhase;
import io.navarch.model.PodStatus;
import io.navarch.model.Resources;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.Optional;

/// The condition `DisruptionTarget` of pods that are ended from outside.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions
public final class Disruption {
    private Disruption() {}

    /// Says why the pod is about to be deleted; empty when its status says so already.
    public static Optional<Action> target(Pod pod, Reason reason, Instant now) {
        return patch(pod, false, reason, now);
    }

    /// The same for a pod that no agent can report on any more: it has failed.
    public static Optional<Action> failed(Pod pod, Reason reason, Instant now) {
        return patch(pod, !Pods.ended(pod), reason, now);
    }

    private static Optional<Action> patch(Pod pod, boolean fail, Reason reason, Instant now) {
        var known = Pods.condition(pod, PodConditionType.DISRUPTION_TARGET);
        boolean said = known.status() == ConditionStatus.TRUE && known.reason().equals(reason.reason());
        if (said && !fail) return Optional.empty();
        var before = pod.status().conditions();
        var condition = Conditions.of(
                        before,
                        PodCondition::of,
                        PodConditionType.DISRUPTION_TARGET,
                        ConditionStatus.TRUE,
                        reason.reason(),
                        reason.message(),
                        now)
                .toBuilder()
                .observedGeneration(pod.metadata().generation())
                .build();
        var status = PodStatus.builder().conditions(Conditions.with(before, condition));
        if (fail) status.phase(PodPhase.FAILED);
        var patch = Pod.builder().status(status.build()).build();
        return Optional.of(Action.Patch.ofUnchanged(Resources.PODS, pod, "status", patch));
    }
}
