package io.navarch.controllers.deployment;

import io.navarch.client.Caches;
import io.navarch.controllers.Claims;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Owners;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
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
public final class DeploymentController implements LegacyController<DeploymentController.Seen> {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAXIMUM = "deployment.kubernetes.io/max-replicas";
    static final String HASH = "pod-template-hash";

    /// A Deployment, the ReplicaSets that are or could be its own, their pods, and whatever has the name that the
    /// template's ReplicaSet should get.
    public record Seen(View deployment, List<View> sets, List<View> pods, View namesake) {}

    @Override
    public String name() {
        return "deployment-controller";
    }

    @Override
    public String queue() {
        return "deployment";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.DEPLOYMENTS.untyped(), LegacyController::self),
                new Input(Resources.REPLICA_SETS.untyped(), DeploymentController::deploymentsOf),
                // Recreate waits until the last old pod is gone; its ReplicaSet's name leads to the Deployment.
                new Input(Resources.PODS.untyped(), DeploymentController::deploymentOf));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("apps", "deployments", "patch"),
                Permission.of("apps", "deployments/status,deployments/finalizers", "update"),
                Permission.of("apps", "replicasets", "create,delete,patch"));
    }

    private static List<ObjectKey> deploymentsOf(Caches caches, View set) {
        return Claims.ownersOf(caches, Resources.DEPLOYMENTS.untyped(), set, DeploymentController::selector);
    }

    private static LabelSelector selector(View deployment) {
        return LabelSelector.ofObject(deployment.spec().get("selector"));
    }

    private static List<ObjectKey> deploymentOf(View pod) {
        var owner = pod.controller();
        var hash = pod.labels().getOrDefault(HASH, "");
        var name = owner.get("name").string();
        if (!owner.get("kind").string().equals("ReplicaSet") || hash.isEmpty() || !name.endsWith("-" + hash))
            return List.of();
        return List.of(new ObjectKey(pod.namespace(), name.substring(0, name.length() - hash.length() - 1)));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var deployment = caches.of(Resources.DEPLOYMENTS.untyped()).get(key);
        if (!deployment.exists()) return null;
        var sets = Claims.of(deployment, selector(deployment)).candidates(caches.of(Resources.REPLICA_SETS.untyped()));
        var pods = sets.stream()
                .flatMap(set -> caches.of(Resources.PODS.untyped()).ownedBy(set).stream())
                .toList();
        var name = new ObjectKey(key.namespace(), NewReplicaSet.name(deployment));
        return new Seen(
                deployment,
                sets,
                pods,
                caches.of(Resources.REPLICA_SETS.untyped()).get(name));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var deployment = seen.deployment;
        var actions = new ArrayList<Action>();
        if (selector(deployment).isEmpty()) {
            actions.add(Action.RecordEvent.warning(
                    deployment,
                    "SelectingAll",
                    "This deployment is selecting all pods. A non-empty selector is required."));
            return Decision.of(actions);
        }
        var owned = new ArrayList<>(Claims.of(deployment, selector(deployment))
                .claim(
                        Resources.DEPLOYMENTS.untyped(),
                        Resources.REPLICA_SETS.untyped(),
                        seen.sets,
                        set -> true,
                        actions));
        if (!actions.isEmpty()) return Decision.of(actions);
        owned.sort(Comparator.comparing(
                        (View set) -> set.metadata().get("creationTimestamp").string())
                .thenComparing(View::name));
        var current = owned.stream()
                .filter(set -> sameTemplate(deployment, set))
                .findFirst()
                .orElse(View.of(null));
        var old = owned.stream().filter(set -> !set.uid().equals(current.uid())).toList();
        var status = new DeploymentStatus(deployment, current, owned, seen.pods, now);
        if (deployment.deleting()) {
            status.update(actions);
            return Decision.of(actions);
        }
        boolean paused = deployment.spec().get("paused").bool();
        if (!paused && !current.exists() && seen.namesake.exists()) {
            actions.add(status.collided());
            return Decision.of(actions);
        }
        if (!paused) revise(deployment, current, old, status, actions);
        // The new set must be in the cache before pods move to it.
        boolean waiting = actions.stream().anyMatch(action -> action instanceof Action.Create);
        if (!waiting) {
            var rollout = new Rollout(deployment, current, old);
            if (paused || rollout.scaling()) rollout.scaleProportionally(actions);
            else if (deployment.spec().get("strategy", "type").string().equals("Recreate"))
                recreate(rollout, seen, current, old, actions);
            else rollout.roll(actions);
            if (!paused && rollout.complete()) cleanUp(deployment, old, actions);
        }
        status.update(actions);
        return LegacyController.decision(actions, status.nextCheck());
    }

    private static void recreate(Rollout rollout, Seen seen, View current, List<View> old, List<Action> actions) {
        if (rollout.scaleDownAll(actions)) return;
        boolean oldPods = seen.pods.stream()
                .anyMatch(pod -> !Owners.owns(current, pod)
                        && !Pods.ended(pod)
                        && old.stream().anyMatch(set -> Owners.owns(set, pod)));
        if (!oldPods) rollout.scaleUpNew(actions);
    }

    static boolean sameTemplate(View deployment, View set) {
        return Trees.semanticEquals(
                bare(deployment.spec().get("template")), bare(set.spec().get("template")));
    }

    private static Map<String, Object> bare(View template) {
        var copy = Trees.copy(template.map());
        Trees.remove(copy, "metadata", "labels", HASH);
        Trees.remove(copy, "metadata", "creationTimestamp");
        return copy;
    }

    static long revision(View object) {
        try {
            return Long.parseLong(object.annotation(REVISION));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /// Makes the set of the current template, or gives it the newest revision when an older template is back.
    private static void revise(
            View deployment, View current, List<View> old, DeploymentStatus status, List<Action> actions) {
        long newest =
                old.stream().mapToLong(DeploymentController::revision).max().orElse(0) + 1;
        if (!current.exists()) {
            var set = NewReplicaSet.of(deployment, old, newest);
            actions.add(new Action.Create(
                    Resources.REPLICA_SETS.untyped(),
                    set,
                    new EventTemplate(
                            deployment,
                            "",
                            "",
                            "ReplicaSetCreateError",
                            "Failed to create new replica set \"" + View.of(set).name() + "\": %s"),
                    List.of(status.collided()),
                    Optional.of(status.notCreated(View.of(set).name()))));
            long replicas = View.of(set).spec().get("replicas").longOr(0);
            if (replicas > 0)
                actions.add(Action.RecordEvent.normal(
                        deployment,
                        "ScalingReplicaSet",
                        "Scaled up replica set " + View.of(set).name() + " from 0 to " + replicas));
            note(deployment, newest, actions);
            return;
        }
        long own = Math.max(revision(current), newest);
        var wanted = new HashMap<String, Object>();
        if (revision(current) < newest) wanted.put(REVISION, String.valueOf(own));
        deployment.metadata().get("annotations").map().forEach((key, value) -> {
            if (NewReplicaSet.copied(key) && !value.equals(current.annotation(key))) wanted.put(key, value);
        });
        boolean seconds = current.spec().get("minReadySeconds").longOr(0)
                != deployment.spec().get("minReadySeconds").longOr(0);
        if (!wanted.isEmpty() || seconds) {
            var patch = Trees.map("metadata", Trees.map("annotations", wanted));
            if (seconds)
                patch.put(
                        "spec",
                        Trees.map(
                                "minReadySeconds",
                                deployment.spec().get("minReadySeconds").longOr(0)));
            actions.add(new Action.Patch(Resources.REPLICA_SETS.untyped(), current.key(), "", patch));
        }
        note(deployment, own, actions);
    }

    private static void note(View deployment, long revision, List<Action> actions) {
        if (revision(deployment) == revision) return;
        actions.add(new Action.Patch(
                Resources.DEPLOYMENTS.untyped(),
                deployment.key(),
                "",
                Trees.map("metadata", Trees.map("annotations", Trees.map(REVISION, String.valueOf(revision))))));
    }

    /// Old sets without pods go once there are more than the history keeps.
    private static void cleanUp(View deployment, List<View> old, List<Action> actions) {
        int limit = deployment.spec().get("revisionHistoryLimit").intOr(10);
        var idle = old.stream()
                .filter(set -> set.spec().get("replicas").longOr(0) == 0
                        && set.status().get("replicas").longOr(0) == 0
                        && !set.deleting()
                        && set.metadata().get("generation").longOr(0)
                                <= set.status().get("observedGeneration").longOr(0))
                .sorted(Comparator.comparingLong(DeploymentController::revision))
                .toList();
        int excess = idle.size() - limit;
        for (int i = 0; i < excess; i++)
            actions.add(new Action.Delete(
                    Resources.REPLICA_SETS.untyped(),
                    idle.get(i).key(),
                    idle.get(i).uid()));
    }
}
