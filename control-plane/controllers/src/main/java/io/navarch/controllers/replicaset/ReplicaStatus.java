package io.navarch.controllers.replicaset;

import io.navarch.controllers.Conditions;
import io.navarch.controllers.Counts;
import io.navarch.controllers.Pods;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A set's counts and its condition `ReplicaFailure`.
final class ReplicaStatus {
    private final ReplicaSetController.Flavour flavour;
    private final View set;
    private final List<View> owned;
    private final Instant now;

    ReplicaStatus(ReplicaSetController.Flavour flavour, View set, List<View> owned, Instant now) {
        this.flavour = flavour;
        this.set = set;
        this.owned = owned;
        this.now = now;
    }

    /// How the status tells that a pod was refused. The first refusal is told; the counts are told with each.
    Refusal refused(String reason) {
        var known = set.status().get("conditions").find("type", "ReplicaFailure");
        var condition = known.get("reason").string().equals(reason)
                ? known
                : View.of(Conditions.of("ReplicaFailure", "True", reason, "%s", now));
        return new Refusal(flavour.type(), set, status(condition), "ReplicaFailure");
    }

    /// @param failure the condition, absent when nothing fails
    Optional<Action.Update> update(View failure) {
        var status = status(failure);
        if (Trees.semanticEquals(status, set.status().map())) return Optional.empty();
        return Optional.of(Action.Update.status(flavour.type(), set, status));
    }

    private Map<String, Object> status(View failure) {
        long minimum = set.spec().get("minReadySeconds").longOr(0);
        var labels = LabelSelector.ofLabels(set.spec().get("template").labels());
        var active = owned.stream().filter(Pods::active).toList();
        var status = Trees.copy(set.status().map());
        status.put("replicas", (long) active.size());
        Counts.put(
                status,
                "fullyLabeledReplicas",
                active.stream().filter(pod -> labels.matches(pod.labels())).count());
        Counts.put(status, "readyReplicas", active.stream().filter(Pods::ready).count());
        Counts.put(
                status,
                "availableReplicas",
                active.stream().filter(pod -> Pods.available(pod, minimum, now)).count());
        if (flavour.countsTerminating())
            status.put(
                    "terminatingReplicas",
                    owned.stream().filter(Pods::terminating).count());
        status.put("observedGeneration", set.metadata().get("generation").longOr(0));
        Conditions.replace(status, "ReplicaFailure", failure);
        return status;
    }
}
