package io.navarch.controllers.replicaset;

import io.navarch.controllers.Counts;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.ReplicaSet;
import io.navarch.model.ReplicaSetCondition;
import io.navarch.model.ReplicaSetConditionType;
import io.navarch.model.ReplicaSetStatus;
import io.navarch.model.StatusCondition;
import io.navarch.objects.LabelSelector;
import java.time.Instant;
import java.util.List;

/// A set's counts and its condition `ReplicaFailure`.
///
/// @param owned all pods of the set
/// @param active those of them that neither ended nor terminate
/// @param countsTerminating whether the kind has a counter of terminating pods
record ReplicaStatus(ReplicaSet set, List<Pod> owned, List<Pod> active, boolean countsTerminating, Instant now) {
    private static final String FAILED_CREATE = "FailedCreate";

    ReplicaSetStatus healthy() {
        return with(Conditions.without(set.status().conditions(), ReplicaSetConditionType.REPLICA_FAILURE));
    }

    /// The status to write when a pod is refused. The first refusal stays in the condition; counts are always current.
    ReplicaSetStatus refused() {
        var before = set.status().conditions();
        var failure = StatusCondition.find(before, ReplicaSetConditionType.REPLICA_FAILURE)
                .filter(known -> known.reason().equals(FAILED_CREATE))
                .orElseGet(() -> Conditions.of(
                        ReplicaSetCondition::of,
                        ReplicaSetConditionType.REPLICA_FAILURE,
                        ConditionStatus.TRUE,
                        FAILED_CREATE,
                        "%s",
                        now));
        return with(Conditions.with(before, failure));
    }

    long available() {
        int minimum = set.spec().minReadySeconds();
        return active.stream().filter(pod -> Pods.available(pod, minimum, now)).count();
    }

    private ReplicaSetStatus with(List<ReplicaSetCondition> conditions) {
        var labels = LabelSelector.ofLabels(set.spec().template().metadata().labels());
        var status = set.status().toBuilder()
                .replicas(active.size())
                .fullyLabeledReplicas((int) active.stream()
                        .filter(pod -> labels.matches(pod.labels()))
                        .count())
                .readyReplicas((int) active.stream().filter(Pods::ready).count())
                .availableReplicas((int) available())
                .observedGeneration(set.metadata().generation())
                .conditions(conditions);
        if (conditions.isEmpty()) status.clearConditions();
        if (countsTerminating)
            status.terminatingReplicas(
                    (int) owned.stream().filter(Pods::terminating).count());
        Counts.omitZeros(
                status,
                ReplicaSetStatus.FULLY_LABELED_REPLICAS,
                ReplicaSetStatus.READY_REPLICAS,
                ReplicaSetStatus.AVAILABLE_REPLICAS);
        return status.build();
    }
}
