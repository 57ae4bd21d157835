package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.ResourceType;
import io.navarch.controllers.deployment.DeploymentController;
import io.navarch.controllers.replicaset.ReplicaSetController;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.schema.JsonPatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A Deployment, its ReplicaSets and their pods in memory: the real decisions, carried out in a random order, with pods
/// that become ready when the seed says so.
final class RolloutSimulation {
    final Map<ObjectKey, Map<String, Object>> sets = new LinkedHashMap<>();
    final Map<ObjectKey, Map<String, Object>> pods = new LinkedHashMap<>();
    Map<String, Object> deployment;
    private final Random random;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int names;

    RolloutSimulation(long seed, Map<String, Object> spec) {
        random = new Random(seed);
        deployment = Trees.map(
                "metadata",
                Trees.map(
                        "name",
                        "d",
                        "namespace",
                        "n",
                        "uid",
                        "d-uid",
                        "generation",
                        1L,
                        "creationTimestamp",
                        Timestamps.seconds(now)),
                "spec",
                spec);
    }

    private List<View> views(Map<ObjectKey, Map<String, Object>> objects) {
        return objects.values().stream().map(View::of).toList();
    }

    /// One controller looks and acts, or one pod becomes ready.
    void step() {
        now = now.plusSeconds(1);
        switch (random.nextInt(3)) {
            case 0 -> decideDeployment().forEach(this::execute);
            case 1 -> {
                for (var set : List.copyOf(views(sets))) decideSet(set).forEach(this::execute);
            }
            default -> {
                var waiting =
                        views(pods).stream().filter(pod -> !Pods.ready(pod)).toList();
                if (!waiting.isEmpty()) ready(waiting.get(random.nextInt(waiting.size())));
            }
        }
    }

    List<Action> decideDeployment() {
        var owned = views(pods).stream().toList();
        return new DeploymentController()
                .decide(new DeploymentController.Seen(View.of(deployment), views(sets), owned), now)
                .actions();
    }

    List<Action> decideSet(View set) {
        var own = views(pods).stream().filter(pod -> Owners.owns(set, pod)).toList();
        return new ReplicaSetController()
                .decide(new ReplicaSetController.Seen(set, own), now)
                .actions();
    }

    private void ready(View pod) {
        Trees.put(pods.get(pod.key()), "Running", "status", "phase");
        Trees.put(
                pods.get(pod.key()),
                List.of(Trees.map("type", "Ready", "status", "True", "lastTransitionTime", Timestamps.seconds(now))),
                "status",
                "conditions");
    }

    long available() {
        return views(pods).stream().filter(Pods::ready).count();
    }

    void update(String path, Object value) {
        Trees.put(deployment, value, path.split("\\."));
        Trees.put(deployment, View.of(deployment).metadata().get("generation").longOr(0) + 1, "metadata", "generation");
    }

    boolean settled() {
        var quiet = new ArrayList<>(decideDeployment());
        for (var set : views(sets)) quiet.addAll(decideSet(set));
        return quiet.stream().allMatch(action -> action instanceof Action.Emit)
                && views(pods).stream().allMatch(Pods::ready);
    }

    private void execute(Action action) {
        switch (action) {
            case Action.Create create -> create(create);
            case Action.Update update ->
                replace(update.type(), View.of(update.object()).key(), Trees.copy(update.object()));
            case Action.Patch patch -> {
                var target = object(patch.type(), patch.key());
                if (target == null) return;
                long generation = View.of(target).metadata().get("generation").longOr(1);
                var changed = JsonPatch.merge(target, patch.patch());
                if (View.of(patch.patch()).get("spec").exists())
                    Trees.put(changed, generation + 1, "metadata", "generation");
                replace(patch.type(), patch.key(), changed);
            }
            case Action.Delete delete -> {
                assertThat(delete.uid()).isNotEmpty();
                if (delete.type().equals(ResourceType.PODS)) pods.remove(delete.key());
                else sets.remove(delete.key());
            }
            case Action.Emit emit -> assertThat(emit.reason()).isNotEmpty();
        }
    }

    private void create(Action.Create create) {
        var object = Trees.copy(create.object());
        var metadata = Trees.child(object, "metadata");
        if (metadata.get("name") == null) metadata.put("name", metadata.get("generateName") + "" + names++);
        metadata.put("uid", metadata.get("name") + "-uid");
        metadata.put("generation", 1L);
        metadata.put("creationTimestamp", Timestamps.seconds(now));
        (create.type().equals(ResourceType.PODS) ? pods : sets)
                .putIfAbsent(View.of(object).key(), object);
    }

    private Map<String, Object> object(ResourceType type, ObjectKey key) {
        return type.equals(ResourceType.DEPLOYMENTS)
                ? deployment
                : type.equals(ResourceType.REPLICA_SETS) ? sets.get(key) : pods.get(key);
    }

    private void replace(ResourceType type, ObjectKey key, Map<String, Object> object) {
        if (type.equals(ResourceType.DEPLOYMENTS)) deployment = object;
        else if (type.equals(ResourceType.REPLICA_SETS)) sets.put(key, object);
        else pods.put(key, object);
    }
}
