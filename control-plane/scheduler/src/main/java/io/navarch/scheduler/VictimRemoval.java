package io.navarch.scheduler;

import io.navarch.client.Client;
import io.navarch.client.SeriesRecorder;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.EventType;
import io.navarch.model.Pod;
import io.navarch.model.PodCondition;
import io.navarch.model.PodConditionType;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/// Deletes the pods that have to go, each with why.
///
/// @param calledBack calls a pod back that is not on its node yet, unless it is too late for that
record VictimRemoval(Client client, SeriesRecorder events, InstantSource clock, Predicate<Pod> calledBack) {
    void remove(Pod preemptor, Preemption.Answer.Victims victims) {
        for (var victim : victims.pods()) if (!victim.deleting()) remove(preemptor, victim, victims.node());
    }

    private void remove(Pod preemptor, Pod victim, String node) {
        // It waits for another node then, and need not be made anew.
        if (calledBack.test(victim)) {
            tellOfIt(preemptor, victim, node + " (in kube-scheduler memory).");
            return;
        }
        try {
            tell(preemptor, victim);
            client.delete(Resources.PODS, victim.key(), victim.uid(), null, "");
        } catch (ApiException e) {
            // Somebody else has deleted it.
            if (e.reason() == ApiException.Reason.NOT_FOUND) return;
            throw e;
        }
        tellOfIt(preemptor, victim, node);
    }

    private void tellOfIt(Pod preemptor, Pod victim, String where) {
        events.record(
                victim,
                Optional.of(preemptor),
                EventType.NORMAL,
                "Preempted",
                "Preempting",
                "Preempted by pod " + preemptor.uid() + " on node " + where);
    }

    private void tell(Pod preemptor, Pod victim) {
        var message = preemptor.spec().schedulerName() + ": preempting to accommodate a higher priority pod";
        var known = Pods.condition(victim, PodConditionType.DISRUPTION_TARGET);
        if (known.status() == ConditionStatus.TRUE
                && known.reason().equals(Preemption.REASON)
                && known.message().equals(message)) return;
        var condition = Conditions.of(
                        victim.status().conditions(),
                        PodCondition::of,
                        PodConditionType.DISRUPTION_TARGET,
                        ConditionStatus.TRUE,
                        Preemption.REASON,
                        message,
                        clock.instant())
                .toBuilder()
                .observedGeneration(victim.metadata().generation())
                .build();
        var disrupted = Pod.builder().status(status -> status.addConditions(condition));
        client.strategicPatch(Resources.PODS, victim.key(), "status", disrupted.map());
    }
}
