package io.navarch.controllers.statefulset;

import io.navarch.controllers.Counts;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A StatefulSet's counts and revisions.
final class StatefulStatus {
    private final View set;
    private final List<View> pods;
    private final String current;
    private final String update;
    private final Instant now;

    StatefulStatus(View set, List<View> pods, String current, String update, Instant now) {
        this.set = set;
        this.pods = pods;
        this.current = current;
        this.update = update;
        this.now = now;
    }

    Optional<Action> update() {
        long minReady = set.spec().get("minReadySeconds").longOr(0);
        long ready = 0;
        long available = 0;
        long ofCurrent = 0;
        long ofUpdate = 0;
        for (var pod : pods) {
            boolean running = pod.status().get("phase").string().equals("Running") && Pods.ready(pod);
            if (running) ready++;
            if (running && Pods.available(pod, minReady, now)) available++;
            if (pod.deleting() || Pods.ended(pod)) continue;
            if (Identity.revision(pod).equals(current)) ofCurrent++;
            if (Identity.revision(pod).equals(update)) ofUpdate++;
        }
        long desired = set.spec().get("replicas").longOr(1);
        boolean rolling = set.spec().get("updateStrategy", "type").string().equals("RollingUpdate");
        boolean complete = rolling && ofUpdate == pods.size() && ready == pods.size() && pods.size() == desired;
        var status = Trees.copy(set.status().map());
        status.put("replicas", (long) pods.size());
        Counts.put(status, "readyReplicas", ready);
        status.put("availableReplicas", available);
        Counts.put(status, "currentReplicas", complete ? ofUpdate : ofCurrent);
        Counts.put(status, "updatedReplicas", ofUpdate);
        status.put("currentRevision", complete ? update : current);
        status.put("updateRevision", update);
        status.putIfAbsent("collisionCount", 0L);
        status.put("observedGeneration", set.metadata().get("generation").longOr(0));
        if (Trees.semanticEquals(status, set.status().map())) return Optional.empty();
        return Optional.of(Action.Update.status(Resources.STATEFUL_SETS.untyped(), set, status));
    }
}
