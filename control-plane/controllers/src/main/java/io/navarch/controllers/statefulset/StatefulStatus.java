package io.navarch.controllers.statefulset;

import io.navarch.controllers.Counts;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.StatefulSet;
import io.navarch.model.StatefulSetStatus;
import io.navarch.model.StatefulSetUpdateStrategyType;
import java.time.Instant;
import java.util.List;

/// A StatefulSet's counts and revisions.
final class StatefulStatus {
    private StatefulStatus() {}

    /// Whether a pod runs and is ready: all that counts in a StatefulSet.
    static boolean running(Pod pod) {
        return pod.status().phase() == PodPhase.RUNNING && Pods.ready(pod);
    }

    /// @param current name of the revision that pods are updated from
    /// @param update name of the revision that pods are updated to
    static StatefulSetStatus of(StatefulSet set, List<Pod> pods, String current, String update, Instant now) {
        int minReady = set.spec().minReadySeconds();
        int ready = 0;
        int available = 0;
        int ofCurrent = 0;
        int ofUpdate = 0;
        for (var pod : pods) {
            boolean running = running(pod);
            if (running) ready++;
            if (running && Pods.available(pod, minReady, now)) available++;
            if (pod.deleting()) continue;
            var revision = Identity.revision(pod);
            if (revision.equals(current)) ofCurrent++;
            if (revision.equals(update)) ofUpdate++;
        }
        boolean complete = set.spec().updateStrategy().type() == StatefulSetUpdateStrategyType.ROLLING_UPDATE
                && ofUpdate == pods.size()
                && ready == pods.size()
                && pods.size() == set.spec().replicasOr(1);
        var status = set.status().toBuilder()
                .replicas(pods.size())
                .readyReplicas(ready)
                .availableReplicas(available)
                .currentReplicas(complete ? ofUpdate : ofCurrent)
                .updatedReplicas(ofUpdate)
                .currentRevision(complete ? update : current)
                .updateRevision(update)
                .collisionCount(set.status().collisionCount())
                .observedGeneration(set.metadata().generation());
        Counts.omitZeros(
                status,
                StatefulSetStatus.READY_REPLICAS,
                StatefulSetStatus.CURRENT_REPLICAS,
                StatefulSetStatus.UPDATED_REPLICAS);
        return status.build();
    }
}
