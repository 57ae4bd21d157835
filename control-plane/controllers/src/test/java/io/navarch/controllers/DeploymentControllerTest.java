package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.deployment.DeploymentController;
import io.navarch.controllers.replicaset.ReplicaSetController;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rollouts as properties: whatever the order, whoever is late, whatever fails.
class DeploymentControllerTest {
    private static World world(long seed) {
        return new World(seed, new DeploymentController(), ReplicaSetController.replicaSets());
    }

    private static Map<String, Object> deployment(int replicas, String strategy) {
        return View.of(Yaml.parse("""
                metadata: {name: d, namespace: ns}
                spec:
                  replicas: %d
                  revisionHistoryLimit: 2
                  progressDeadlineSeconds: 600
                  selector: {matchLabels: {app: a}}
                  strategy: %s
                  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i}]}}
                """.formatted(replicas, strategy))).map();
    }

    private static void change(World world, Object patch) {
        world.change(Resources.DEPLOYMENTS.untyped(), world.get(Resources.DEPLOYMENTS.untyped(), "ns", "d"), patch);
    }

    private static Object revision(int number) {
        return Trees.map(
                "spec",
                Trees.map(
                        "template",
                        Trees.map("metadata", Trees.map("annotations", Trees.map("revision", "" + number)))));
    }

    private static long active(World world) {
        return world.all(Resources.PODS.untyped()).stream().filter(Pods::active).count();
    }

    private static long ready(World world) {
        return world.all(Resources.PODS.untyped()).stream()
                .filter(pod -> Pods.active(pod) && Pods.ready(pod))
                .count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void rollsWithinSurgeAndUnavailableAndSettles(long seed) {
        var random = new Random(seed);
        int replicas = 1 + random.nextInt(12);
        int surge = random.nextInt(4);
        int unavailable = surge == 0 ? 1 + random.nextInt(3) : random.nextInt(3);
        var world = world(seed);
        world.create(
                Resources.DEPLOYMENTS.untyped(),
                deployment(
                        replicas,
                        "{type: RollingUpdate, rollingUpdate: {maxSurge: " + surge + ", maxUnavailable: " + unavailable
                                + "}}"));
        world.settle("first rollout, seed " + seed);
        world.always(now -> {
            assertThat(active(now)).as("surge, seed %d", seed).isLessThanOrEqualTo(replicas + surge);
            assertThat(ready(now)).as("available, seed %d", seed).isGreaterThanOrEqualTo(replicas - unavailable);
        });
        for (int revision = 2; revision < 6; revision++) {
            change(world, revision(revision));
            world.steps(random.nextInt(600));
            if (random.nextBoolean()) world.settle("revision " + revision + ", seed " + seed);
        }
        world.settle("the last revision, seed " + seed);
        assertThat(active(world)).isEqualTo(replicas);
        assertThat(world.all(Resources.REPLICA_SETS.untyped()).size())
                .as("history")
                .isLessThanOrEqualTo(3);
        assertThat(world.all(Resources.PODS.untyped()))
                .allSatisfy(pod -> assertThat(pod.annotation("revision")).isEqualTo("5"));
    }

    @Test
    void recreateNeverMixesOldAndNew() {
        var world = world(7);
        world.create(Resources.DEPLOYMENTS.untyped(), deployment(4, "{type: Recreate}"));
        world.settle("first");
        world.always(now -> assertThat(now.all(Resources.PODS.untyped()).stream()
                        .filter(pod -> !Pods.ended(pod))
                        .map(pod -> pod.controller().get("uid").string())
                        .distinct()
                        .count())
                .isLessThanOrEqualTo(1));
        change(world, revision(2));
        world.settle("second");
        assertThat(active(world)).isEqualTo(4);
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRoll() {
        var world = world(3);
        world.create(
                Resources.DEPLOYMENTS.untyped(),
                deployment(2, "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}"));
        world.settle("first");
        change(world, Trees.map("spec", Trees.map("paused", true, "replicas", 5L)));
        change(world, revision(2));
        world.settle("paused");
        assertThat(active(world)).isEqualTo(5);
        assertThat(world.all(Resources.REPLICA_SETS.untyped())).hasSize(1);
        assertThat(Pods.condition(world.get(Resources.DEPLOYMENTS.untyped(), "ns", "d"), "Progressing")
                        .get("reason")
                        .string())
                .isEqualTo("DeploymentPaused");
    }

    @Test
    void foreignPodsAreNeitherCountedNorDeleted() {
        var world = world(5);
        world.create(Resources.DEPLOYMENTS.untyped(), deployment(3, "{type: Recreate}"));
        var other = world.create(
                Resources.CONFIG_MAPS.untyped(), Trees.map("metadata", Trees.map("name", "o", "namespace", "ns")));
        var foreign = world.create(
                Resources.PODS.untyped(),
                Trees.map(
                        "metadata",
                        Trees.map(
                                "name",
                                "foreign",
                                "namespace",
                                "ns",
                                "labels",
                                Trees.map("app", "a"),
                                "ownerReferences",
                                Trees.list(Owners.reference(other, Resources.CONFIG_MAPS.untyped())))));
        world.settle("first");
        change(world, Trees.map("spec", Trees.map("replicas", 0L)));
        world.settle("none");
        assertThat(world.all(Resources.PODS.untyped()).stream().map(View::name)).containsExactly(foreign.name());
    }

    @Test
    void anotherReplicaSetOfTheSameNameIsNotTakenForItsOwn() {
        var world = world(11);
        world.failures = 0;
        world.create(Resources.DEPLOYMENTS.untyped(), deployment(1, "{type: Recreate}"));
        world.settle("first");
        var first = world.all(Resources.REPLICA_SETS.untyped()).getFirst();
        world.delete(
                Resources.DEPLOYMENTS.untyped(),
                world.get(Resources.DEPLOYMENTS.untyped(), "ns", "d").key(),
                "",
                null);
        world.settle("gone");
        var squatter = Trees.map(
                "metadata",
                Trees.map("name", first.name(), "namespace", "ns", "labels", Trees.map("other", "b")),
                "spec",
                Trees.map("replicas", 0L, "selector", Trees.map("matchLabels", Trees.map("other", "b"))));
        world.create(Resources.REPLICA_SETS.untyped(), squatter);
        world.create(Resources.DEPLOYMENTS.untyped(), deployment(1, "{type: Recreate}"));
        world.settle("beside the squatter");
        assertThat(active(world)).isEqualTo(1);
        assertThat(world.get(Resources.DEPLOYMENTS.untyped(), "ns", "d")
                        .status()
                        .get("collisionCount")
                        .longOr(0))
                .isEqualTo(1);
    }

    @Test
    void theDeadlineOfAStuckRolloutIsTold() {
        var world = world(13);
        var deployment = deployment(2, "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}");
        Trees.put(deployment, "yes", "spec", "template", "metadata", "labels", "stuck");
        world.create(Resources.DEPLOYMENTS.untyped(), deployment);
        for (int i = 0; i < 2000; i++) world.step();
        world.pass(Duration.ofSeconds(700));
        for (int i = 0; i < 200; i++) world.step();
        assertThat(Pods.condition(world.get(Resources.DEPLOYMENTS.untyped(), "ns", "d"), "Progressing")
                        .get("reason")
                        .string())
                .isEqualTo("ProgressDeadlineExceeded");
    }
}
