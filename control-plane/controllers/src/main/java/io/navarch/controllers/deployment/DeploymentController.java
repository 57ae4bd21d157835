package io.navarch.controllers.deployment;

import io.navarch.client.Caches;
import io.navarch.controllers.ControllerRefs;
import io.navarch.controllers.OwnerReferences;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Deployment;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Pod;
import io.navarch.model.PodTemplateSpec;
import io.navarch.model.ReplicaSet;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps one ReplicaSet per pod template of a Deployment and moves pods from the old ones to the new one.
public final class DeploymentController implements Controller<DeploymentController.Seen> {
    private static final int HISTORY_LIMIT = 10;

    /// A Deployment, the ReplicaSets that are or could become its own, and whatever has the name that the template's
    /// ReplicaSet should get.
    ///
    /// @param pods those of the sets when it recreates them; nothing else asks for single pods
    public record Seen(Deployment deployment, List<ReplicaSet> sets, List<Pod> pods, ReplicaSet namesake) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("deployment-controller")
                .queue("deployment")
                .watches(Resources.DEPLOYMENTS, Controller::self)
                .watches(
                        Resources.REPLICA_SETS,
                        (caches, set) -> ControllerRefs.ownersOf(
                                caches, Resources.DEPLOYMENTS, set, DeploymentController::selector))
                // Recreate waits until the last old pod is gone; its ReplicaSet's name leads to the Deployment.
                .watches(Resources.PODS, DeploymentController::recreatedBy)
                .may("apps", "deployments/status,deployments/finalizers", "update,patch")
                .may("apps", "replicasets", "create,delete,patch")
                .build();
    }

    private static LabelSelector selector(Deployment deployment) {
        return LabelSelector.ofObject(deployment.spec().selector());
    }

    private static ControllerRefs<Deployment> refs(Deployment deployment) {
        return new ControllerRefs<>(deployment, Resources.DEPLOYMENTS, selector(deployment));
    }

    private static List<ObjectKey> recreatedBy(Caches caches, Pod pod) {
        return deploymentOf(pod).stream()
                .filter(key ->
                        Strategy.recreates(caches.of(Resources.DEPLOYMENTS).get(key)))
                .toList();
    }

    private static List<ObjectKey> deploymentOf(Pod pod) {
        var owner = pod.controller();
        var suffix = "-" + pod.labels().getOrDefault(RolloutAnnotations.HASH, "");
        var name = owner.name();
        boolean ofSet = owner.kind().equals(Resources.REPLICA_SETS.kind());
        if (!ofSet || suffix.length() == 1 || !name.endsWith(suffix)) return List.of();
        return List.of(new ObjectKey(pod.namespace(), name.substring(0, name.length() - suffix.length())));
    }

    @Override
    public void prepare(Caches caches) {
        ControllerRefs.index(caches, Resources.DEPLOYMENTS, DeploymentController::selector);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var deployment = caches.of(Resources.DEPLOYMENTS).get(key);
        if (!deployment.exists()) return Optional.empty();
        var cache = caches.of(Resources.REPLICA_SETS);
        var sets = refs(deployment).candidates(cache);
        var pods = new ArrayList<Pod>();
        if (Strategy.recreates(deployment))
            for (var set : sets) pods.addAll(caches.of(Resources.PODS).ownedBy(set));
        var namesake = cache.get(new ObjectKey(key.namespace(), NewReplicaSet.name(deployment)));
        return Optional.of(new Seen(deployment, sets, pods, namesake));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var deployment = seen.deployment;
        var refs = refs(deployment);
        if (refs.selector().isEmpty())
            return Decision.builder()
                    .event(Action.RecordEvent.warning(deployment, DeploymentReason.SELECTING_ALL.plain()))
                    .build();
        var claimed = refs.claim(Resources.REPLICA_SETS, seen.sets);
        if (!claimed.changes().isEmpty()) return Decision.of(claimed.changes());
        var rollout = rollout(deployment, claimed.objects());
        var status = new RolloutStatus(rollout, now);
        if (deployment.deleting())
            return Decision.builder().status(status.update()).build();
        boolean paused = deployment.spec().paused();
        if (!paused && !rollout.current().exists() && seen.namesake.exists())
            return Decision.builder().status(status.collided()).build();
        return Decision.builder()
                .changes(paused ? whilePaused(rollout) : progress(rollout, seen, status))
                .status(status.update())
                .requeueAfter(status.nextCheck())
                .waitingOn(status.waitingOn())
                .build();
    }

    private static Rollout rollout(Deployment deployment, List<ReplicaSet> owned) {
        var sets = new ArrayList<>(owned);
        sets.sort(Comparator.comparing(ReplicaSet::created).thenComparing(ReplicaSet::name));
        var current = sets.stream()
                .filter(set ->
                        sameTemplate(deployment.spec().template(), set.spec().template()))
                .findFirst()
                .orElse(ReplicaSet.ABSENT);
        var old = sets.stream().filter(set -> !set.uid().equals(current.uid())).toList();
        return new Rollout(deployment, Strategy.of(deployment), current, old);
    }

    /// Equal but for the hash that the controller has added.
    private static boolean sameTemplate(PodTemplateSpec one, PodTemplateSpec other) {
        return Trees.semanticEquals(
                        one.spec().view().value(), other.spec().view().value())
                && Trees.semanticEquals(bare(one.metadata()), bare(other.metadata()));
    }

    private static Map<String, Object> bare(ObjectMeta metadata) {
        return metadata.toBuilder()
                .removeLabels(RolloutAnnotations.HASH)
                .clearCreationTimestamp()
                .map();
    }

    /// A paused Deployment is scaled and cleaned up, but moves no pods.
    private static List<Action> whilePaused(Rollout rollout) {
        var changes = new ArrayList<Action>();
        if (rollout.current().exists()) changes.addAll(revise(rollout));
        changes.addAll(rollout.scaleProportionally());
        changes.addAll(cleanUp(rollout));
        return changes;
    }

    private static List<Action> progress(Rollout rollout, Seen seen, RolloutStatus status) {
        // What there is gets the new size first, only then pods move.
        boolean scaling = rollout.scaling();
        boolean recreates = rollout.strategy().recreate();
        boolean oldPods = recreates && oldPodsRun(rollout, seen);
        // The new set must be in the cache before pods move to it.
        if (!rollout.current().exists()) {
            if (scaling) return rollout.scaleProportionally();
            return recreates && (rollout.oldOnesRun() || oldPods) ? rollout.recreate(oldPods) : create(rollout, status);
        }
        var changes = new ArrayList<>(revise(rollout));
        if (scaling) changes.addAll(rollout.scaleProportionally());
        else if (recreates) changes.addAll(rollout.recreate(oldPods));
        else changes.addAll(rollout.roll());
        if (rollout.complete()) changes.addAll(cleanUp(rollout));
        return changes;
    }

    private static boolean oldPodsRun(Rollout rollout, Seen seen) {
        return seen.pods.stream()
                .anyMatch(pod ->
                        !Pods.ended(pod) && rollout.old().stream().anyMatch(set -> OwnerReferences.owns(set, pod)));
    }

    private static long newestRevision(Rollout rollout) {
        return rollout.old().stream()
                        .mapToLong(RolloutAnnotations::revision)
                        .max()
                        .orElse(0)
                + 1;
    }

    /// Makes the set of the present template.
    private static List<Action> create(Rollout rollout, RolloutStatus status) {
        var deployment = rollout.deployment();
        long replicas = rollout.firstReplicas();
        long revision = newestRevision(rollout);
        var set = NewReplicaSet.of(deployment, rollout.strategy(), replicas, revision);
        var refused = DeploymentReason.NOT_CREATED.about(set.name());
        var scaled = DeploymentReason.scaled(set.name(), 0, replicas);
        var event = new EventTemplate(
                deployment, replicas > 0 ? scaled.reason() : "", scaled.message(), refused.reason(), refused.message());
        var actions = new ArrayList<Action>();
        actions.add(new Action.Create(
                Resources.REPLICA_SETS,
                set.view().map(),
                event,
                List.of(status.collided()),
                Optional.of(status.notCreated(set.name()))));
        note(deployment, revision).ifPresent(actions::add);
        return actions;
    }

    /// Brings annotations and `minReadySeconds` of the present set up to date, and gives it the newest revision when an
    /// older template is back.
    private static List<Action> revise(Rollout rollout) {
        var deployment = rollout.deployment();
        var current = rollout.current();
        long newest = newestRevision(rollout);
        long revision = Math.max(RolloutAnnotations.revision(current), newest);
        var wanted = new HashMap<String, String>();
        if (RolloutAnnotations.revision(current) < newest) {
            wanted.put(RolloutAnnotations.REVISION, String.valueOf(revision));
            RolloutAnnotations.history(current).ifPresent(history -> wanted.put(RolloutAnnotations.HISTORY, history));
        }
        deployment.annotations().forEach((key, value) -> {
            if (RolloutAnnotations.copied(key) && !value.equals(current.annotation(key))) wanted.put(key, value);
        });
        int seconds = deployment.spec().minReadySeconds();
        boolean otherSeconds = current.spec().minReadySeconds() != seconds;
        var actions = new ArrayList<Action>();
        if (!wanted.isEmpty() || otherSeconds) {
            var patch = ReplicaSet.builder().metadata(metadata -> metadata.annotations(wanted));
            if (otherSeconds) patch.spec(spec -> spec.minReadySeconds(seconds));
            actions.add(new Action.Patch(Resources.REPLICA_SETS, current.key(), "", patch.build()));
        }
        note(deployment, revision).ifPresent(actions::add);
        return actions;
    }

    private static Optional<Action> note(Deployment deployment, long revision) {
        if (RolloutAnnotations.revision(deployment) == revision) return Optional.empty();
        var patch = Deployment.builder()
                .metadata(metadata -> metadata.putAnnotations(RolloutAnnotations.REVISION, String.valueOf(revision)))
                .build();
        return Optional.of(Action.Patch.ofStatus(Resources.DEPLOYMENTS, deployment, patch));
    }

    /// Old sets without pods go once there are more than the history keeps.
    private static List<Action> cleanUp(Rollout rollout) {
        int limit = rollout.deployment().spec().revisionHistoryLimitOr(HISTORY_LIMIT);
        var idle = rollout.old().stream()
                .filter(set -> set.spec().replicas() == 0
                        && set.status().replicas() == 0
                        && !set.deleting()
                        && set.metadata().generation() <= set.status().observedGeneration())
                .sorted(Comparator.comparingLong(RolloutAnnotations::revision))
                .toList();
        return idle.stream()
                .limit(Math.max(0, idle.size() - limit))
                .<Action>map(set -> new Action.Delete(Resources.REPLICA_SETS, set.key(), set.uid()))
                .toList();
    }
}
