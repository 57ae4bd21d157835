package io.navarch.controllers.deployment;

import io.navarch.controllers.Counts;
import io.navarch.controllers.ReasonKind;
import io.navarch.controllers.WaitingForPods;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Deployment;
import io.navarch.model.DeploymentCondition;
import io.navarch.model.DeploymentConditionType;
import io.navarch.model.DeploymentStatus;
import io.navarch.model.ReplicaSet;
import io.navarch.model.ReplicaSetCondition;
import io.navarch.model.ReplicaSetConditionType;
import io.navarch.model.ReplicaSetStatus;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Reason;
import io.navarch.reconcile.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// A Deployment's counts and its conditions `Available` and `Progressing`.
final class RolloutStatus {
    private static final int PROGRESS_DEADLINE = 600;
    /// The seconds that say that there is no deadline.
    private static final int NO_DEADLINE = Integer.MAX_VALUE;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Deployment deployment;
    private final Strategy strategy;
    private final ReplicaSet current;
    private final Instant now;
    private final boolean deadline;
    private final boolean estimating;
    private final DeploymentCondition progress;
    private final int wanted;
    private final int replicas;
    private final int updated;
    private final int ready;
    private final int available;
    private final int terminating;
    private final Optional<ReplicaSetCondition> failure;

    RolloutStatus(Rollout rollout, Instant now) {
        deployment = rollout.deployment();
        strategy = rollout.strategy();
        current = rollout.current();
        this.now = now;
        var sets = Stream.concat(Stream.of(current), rollout.old().stream()).toList();
        wanted = sets.stream().mapToInt(set -> set.spec().replicas()).sum();
        replicas = sum(sets, ReplicaSetStatus::replicas);
        ready = sum(sets, ReplicaSetStatus::readyReplicas);
        available = sum(sets, ReplicaSetStatus::availableReplicas);
        updated = current.status().replicas();
        terminating = sum(sets, ReplicaSetStatus::terminatingReplicas);
        failure = sets.stream()
                .flatMap(set ->
                        StatusCondition.find(set.status().conditions(), ReplicaSetConditionType.REPLICA_FAILURE)
                                .stream())
                .findFirst();
        deadline = deployment.spec().progressDeadlineSecondsOr(PROGRESS_DEADLINE) != NO_DEADLINE;
        estimating = !deployment.deleting() && !deployment.spec().paused() && !rollout.scaling();
        progress = progress();
    }

    private static int sum(List<ReplicaSet> sets, ToIntFunction<ReplicaSetStatus> counter) {
        return sets.stream().mapToInt(set -> counter.applyAsInt(set.status())).sum();
    }

    Optional<Action.Update> update() {
        var conditions = new ArrayList<DeploymentCondition>();
        conditions.add(availability());
        if (progress.exists()) conditions.add(progress);
        failure.map(condition -> condition(
                        DeploymentConditionType.REPLICA_FAILURE,
                        condition.status(),
                        Reason.of(condition.reason(), condition.message())))
                .ifPresent(conditions::add);
        var status = DeploymentStatus.builder()
                .observedGeneration(deployment.metadata().generation())
                .replicas(replicas)
                .updatedReplicas(updated)
                .readyReplicas(ready)
                .availableReplicas(available)
                .unavailableReplicas(Math.max(0, wanted - available))
                .terminatingReplicas(terminating)
                .conditions(conditions);
        if (deployment.status().hasCollisionCount())
            status.collisionCount(deployment.status().collisionCount());
        Counts.omitZeros(
                status,
                DeploymentStatus.REPLICAS,
                DeploymentStatus.UPDATED_REPLICAS,
                DeploymentStatus.READY_REPLICAS,
                DeploymentStatus.AVAILABLE_REPLICAS,
                DeploymentStatus.UNAVAILABLE_REPLICAS);
        return Action.Update.statusIfChanged(Resources.DEPLOYMENTS, deployment, status.build());
    }

    /// Another object has the name that the new ReplicaSet would get: the next try gets another one.
    Action.Update collided() {
        var status = deployment.status();
        return Action.Update.status(
                Resources.DEPLOYMENTS,
                deployment,
                status.toBuilder().collisionCount(status.collisionCount() + 1).map());
    }

    /// The status that says that the new ReplicaSet was refused.
    Refusal notCreated(String name) {
        var condition = condition(
                DeploymentConditionType.PROGRESSING, ConditionStatus.FALSE, DeploymentReason.NOT_CREATED.about(name));
        var status = deployment.status();
        return new Refusal(
                Resources.DEPLOYMENTS,
                deployment,
                status.toBuilder()
                        .conditions(Conditions.with(status.conditions(), condition))
                        .build(),
                DeploymentConditionType.PROGRESSING);
    }

    List<Reason> waitingOn() {
        return WaitingForPods.of(strategy.desired() - updated, replicas - available, replicas - updated);
    }

    private boolean complete() {
        long desired = strategy.desired();
        return updated == desired && replicas == desired && available == desired;
    }

    private DeploymentCondition availability() {
        boolean enough = available >= strategy.desired() - strategy.maxUnavailable();
        return condition(
                DeploymentConditionType.AVAILABLE,
                enough ? ConditionStatus.TRUE : ConditionStatus.FALSE,
                (enough ? DeploymentReason.AVAILABLE : DeploymentReason.UNAVAILABLE).plain());
    }

    /// The condition `Progressing`; absent when nobody has set a deadline for progress.
    private DeploymentCondition progress() {
        if (!deadline) return DeploymentCondition.ABSENT;
        var known = knownProgress();
        return estimating ? estimate(known) : known;
    }

    /// What is known before progress is estimated: pausing stops the clock and resuming starts it, but a deadline that
    /// was missed before stays told.
    private DeploymentCondition knownProgress() {
        var old = before(DeploymentConditionType.PROGRESSING);
        boolean toldPaused = says(old, DeploymentReason.PAUSED);
        boolean paused = deployment.spec().paused();
        if (!deployment.deleting() && !says(old, DeploymentReason.TIMED_OUT) && paused != toldPaused)
            return paused
                    ? progressing(ConditionStatus.UNKNOWN, DeploymentReason.PAUSED.plain(), false)
                    : progressing(ConditionStatus.UNKNOWN, DeploymentReason.RESUMED.plain(), true);
        if (!old.exists() && current.exists())
            return progressing(ConditionStatus.TRUE, DeploymentReason.FOUND.about(current.name()), true);
        return old;
    }

    private DeploymentCondition estimate(DeploymentCondition known) {
        if (!current.exists())
            return progressing(
                    ConditionStatus.TRUE, DeploymentReason.CREATED.about(NewReplicaSet.name(deployment)), false);
        // A rollout that was complete stays so when the Deployment is scaled: there is nothing new to roll out.
        if (replicas == updated && says(known, DeploymentReason.COMPLETE)) return known;
        var subject = "ReplicaSet \"" + current.name() + "\"";
        if (complete()) return progressing(ConditionStatus.TRUE, DeploymentReason.COMPLETE.about(subject), false);
        if (moved()) return progressing(ConditionStatus.TRUE, DeploymentReason.UPDATED.about(subject), true);
        return due(known).filter(when -> when.isBefore(now)).isPresent()
                ? progressing(ConditionStatus.FALSE, DeploymentReason.TIMED_OUT.about(subject), false)
                : known;
    }

    /// When there must have been progress, unless the condition says that nobody waits for any.
    private Optional<Instant> due(DeploymentCondition condition) {
        if (says(condition, DeploymentReason.COMPLETE) || says(condition, DeploymentReason.TIMED_OUT))
            return Optional.empty();
        int seconds = deployment.spec().progressDeadlineSecondsOr(PROGRESS_DEADLINE);
        return condition.lastUpdateTime().map(since -> since.plusSeconds(seconds));
    }

    private static boolean says(DeploymentCondition condition, ReasonKind reason) {
        return condition.reason().equals(reason.reason());
    }

    /// Whether the rollout has come further than the status says.
    private boolean moved() {
        var before = deployment.status();
        return updated > before.updatedReplicas()
                || replicas - updated < before.replicas() - before.updatedReplicas()
                || ready > before.readyReplicas()
                || available > before.availableReplicas();
    }

    private DeploymentCondition before(String type) {
        return StatusCondition.find(deployment.status().conditions(), type).orElse(DeploymentCondition.ABSENT);
    }

    private DeploymentCondition progressing(ConditionStatus status, Reason reason, boolean touch) {
        var condition = condition(DeploymentConditionType.PROGRESSING, status, reason);
        return touch ? condition.toBuilder().lastUpdateTime(now).build() : condition;
    }

    /// Keeps the times of a condition that says the same as before.
    private DeploymentCondition condition(String type, ConditionStatus status, Reason reason) {
        var old = before(type);
        boolean same = old.status() == status;
        boolean equal =
                same && old.reason().equals(reason.reason()) && old.message().equals(reason.message());
        return DeploymentCondition.builder()
                .type(type)
                .status(status)
                .lastUpdateTime(equal ? old.lastUpdateTime() : Optional.of(now))
                .lastTransitionTime(same ? old.lastTransitionTime() : Optional.of(now))
                .reason(reason.reason())
                .message(reason.message())
                .build();
    }

    /// When the deadline for progress must be checked: a second after it, since times are kept in whole seconds.
    Optional<Duration> nextCheck() {
        if (!deadline || complete() || deployment.spec().paused()) return Optional.empty();
        return due(progress)
                .map(when -> Duration.between(now, when.plusSeconds(1)))
                .map(rest -> rest.compareTo(SOON) < 0 ? SOON : rest);
    }
}
