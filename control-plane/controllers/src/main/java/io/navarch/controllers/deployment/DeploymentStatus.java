package io.navarch.controllers.deployment;

import io.navarch.client.ResourceType;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A Deployment's counts and its conditions `Available` and `Progressing`.
final class DeploymentStatus {
    private final View deployment;
    private final View current;
    private final Instant now;
    private final long desired;
    private final long replicas;
    private final long updated;
    private final long ready;
    private final long available;

    DeploymentStatus(View deployment, View current, List<View> sets, Instant now) {
        this.deployment = deployment;
        this.current = current;
        this.now = now;
        desired = deployment.spec().get("replicas").longOr(1);
        replicas = sum(sets, "replicas");
        ready = sum(sets, "readyReplicas");
        available = sum(sets, "availableReplicas");
        updated = current.status().get("replicas").longOr(0);
    }

    private static long sum(List<View> sets, String counter) {
        return sets.stream()
                .mapToLong(set -> set.status().get(counter).longOr(0))
                .sum();
    }

    void update(List<Action> actions) {
        var status = Trees.map(
                "observedGeneration", deployment.metadata().get("generation").longOr(0),
                "replicas", replicas == 0 ? null : replicas,
                "updatedReplicas", updated == 0 ? null : updated,
                "readyReplicas", ready == 0 ? null : ready,
                "availableReplicas", available == 0 ? null : available,
                "unavailableReplicas", Math.max(0, desired - available) == 0 ? null : Math.max(0, desired - available),
                "collisionCount", deployment.status().get("collisionCount").value());
        var conditions = new ArrayList<Object>();
        conditions.add(availability());
        var progress = progress();
        if (progress != null) conditions.add(progress);
        status.put("conditions", conditions);
        if (Trees.semanticEquals(status, deployment.status().map())) return;
        var object = Trees.copy(deployment.map());
        object.put("status", status);
        actions.add(new Action.Update(ResourceType.DEPLOYMENTS, object, "status"));
    }

    private boolean complete() {
        return updated == desired && replicas == desired && available == desired;
    }

    private Map<String, Object> availability() {
        boolean enough = available >= desired - Rollout.maxUnavailable(deployment);
        return condition(
                "Available",
                enough ? "True" : "False",
                enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
                false);
    }

    private Map<String, Object> progress() {
        var old = deployment.status().get("conditions").find("type", "Progressing");
        var subject =
                current.exists() ? "ReplicaSet \"" + current.name() + "\"" : "Deployment \"" + deployment.name() + "\"";
        if (deployment.spec().get("paused").bool()) {
            return condition("Progressing", "Unknown", "DeploymentPaused", "Deployment is paused", false);
        }
        if (old.get("reason").string().equals("DeploymentPaused")) {
            return condition("Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed", true);
        }
        if (complete()) {
            return condition(
                    "Progressing", "True", "NewReplicaSetAvailable", subject + " has successfully progressed.", false);
        }
        var before = deployment.status();
        boolean moved = updated > before.get("updatedReplicas").longOr(0)
                || replicas - updated
                        < before.get("replicas").longOr(0)
                                - before.get("updatedReplicas").longOr(0)
                || ready > before.get("readyReplicas").longOr(0)
                || available > before.get("availableReplicas").longOr(0);
        if (!current.exists()) {
            return condition(
                    "Progressing",
                    "True",
                    "NewReplicaSetCreated",
                    "Created new replica set \"" + deployment.name() + "\"",
                    !old.exists());
        }
        if (moved || !old.exists() || old.get("reason").string().equals("NewReplicaSetAvailable")) {
            return condition("Progressing", "True", "ReplicaSetUpdated", subject + " is progressing.", true);
        }
        var since = Timestamps.parse(old.get("lastUpdateTime").string());
        long deadline = deployment.spec().get("progressDeadlineSeconds").longOr(600);
        if (since != null && since.plusSeconds(deadline).isBefore(now)) {
            return condition(
                    "Progressing", "False", "ProgressDeadlineExceeded", subject + " has timed out progressing.", false);
        }
        return Trees.copy(old.map());
    }

    /// Keeps the times of a condition that says the same as before.
    private Map<String, Object> condition(String type, String status, String reason, String message, boolean touch) {
        var old = deployment.status().get("conditions").find("type", type);
        var time = Timestamps.seconds(now);
        boolean same = old.get("status").string().equals(status);
        boolean equal = same
                && old.get("reason").string().equals(reason)
                && old.get("message").string().equals(message);
        return Trees.map(
                "type", type,
                "status", status,
                "lastUpdateTime", equal && !touch ? old.get("lastUpdateTime").value() : time,
                "lastTransitionTime", same ? old.get("lastTransitionTime").value() : time,
                "reason", reason,
                "message", message);
    }

    /// When the deadline for progress must be looked at.
    Duration nextCheck() {
        if (complete() || deployment.spec().get("paused").bool()) return null;
        return Duration.ofSeconds(
                deployment.spec().get("progressDeadlineSeconds").longOr(600) + 1);
    }
}
