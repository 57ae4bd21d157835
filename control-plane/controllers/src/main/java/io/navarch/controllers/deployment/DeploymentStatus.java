package io.navarch.controllers.deployment;

import io.navarch.controllers.Conditions;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
    private final long terminating;
    private final View failure;

    DeploymentStatus(View deployment, View current, List<View> sets, List<View> pods, Instant now) {
        this.deployment = deployment;
        this.current = current;
        this.now = now;
        desired = deployment.spec().get("replicas").longOr(1);
        replicas = sum(sets, "replicas");
        ready = sum(sets, "readyReplicas");
        available = sum(sets, "availableReplicas");
        terminating = pods.stream().filter(Pods::terminating).count();
        failure = sets.stream()
                .sorted(Comparator.comparing(set -> !set.uid().equals(current.uid())))
                .map(set -> set.status().get("conditions").find("type", "ReplicaFailure"))
                .filter(View::exists)
                .findFirst()
                .orElse(View.of(null));
        updated = current.status().get("replicas").longOr(0);
    }

    private static long sum(List<View> sets, String counter) {
        return sets.stream()
                .mapToLong(set -> set.status().get(counter).longOr(0))
                .sum();
    }

    void update(List<Action> actions) {
        var status = counts();
        var conditions = new ArrayList<Object>();
        conditions.add(availability());
        var progress = progress();
        if (progress != null) conditions.add(progress);
        if (failure.exists())
            conditions.add(condition(
                    "ReplicaFailure",
                    failure.get("status").string(),
                    failure.get("reason").string(),
                    failure.get("message").string(),
                    false));
        status.put("conditions", conditions);
        write(status, actions);
    }

    private Map<String, Object> counts() {
        return Trees.map(
                "observedGeneration", deployment.metadata().get("generation").longOr(0),
                "replicas", replicas == 0 ? null : replicas,
                "updatedReplicas", updated == 0 ? null : updated,
                "readyReplicas", ready == 0 ? null : ready,
                "availableReplicas", available == 0 ? null : available,
                "unavailableReplicas", Math.max(0, desired - available) == 0 ? null : Math.max(0, desired - available),
                "terminatingReplicas", terminating,
                "collisionCount", deployment.status().get("collisionCount").value());
    }

    private void write(Map<String, Object> status, List<Action> actions) {
        if (Trees.semanticEquals(status, deployment.status().map())) return;
        actions.add(Action.Update.status(Resources.DEPLOYMENTS.untyped(), deployment, status));
    }

    /// Another object has the name that the new ReplicaSet would get: the next try gets another one.
    Action collided() {
        var status = Trees.copy(deployment.status().map());
        status.put("collisionCount", deployment.status().get("collisionCount").longOr(0) + 1);
        return Action.Update.status(Resources.DEPLOYMENTS.untyped(), deployment, status);
    }

    /// How the status tells that the new ReplicaSet was refused.
    Refusal notCreated(String name) {
        var status = Trees.copy(deployment.status().map());
        Conditions.replace(
                status,
                condition(
                        "Progressing",
                        "False",
                        "ReplicaSetCreateError",
                        "Failed to create new replica set \"" + name + "\": %s",
                        false));
        return new Refusal(Resources.DEPLOYMENTS, deployment, status, "Progressing");
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
                    "Created new replica set \"" + NewReplicaSet.name(deployment) + "\"",
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
