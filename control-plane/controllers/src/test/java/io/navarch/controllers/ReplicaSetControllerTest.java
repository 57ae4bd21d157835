package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.replicaset.ReplicaSetController;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaSetControllerTest {
    private static Map<String, Object> controller(String name, int replicas, String label) {
        return View.of(Yaml.parse("""
                metadata: {name: %s, namespace: ns}
                spec:
                  replicas: %d
                  selector: {app: %s}
                  template: {metadata: {labels: {app: %s}}, spec: {containers: [{name: c, image: i}]}}
                """.formatted(name, replicas, label, label))).map();
    }

    private static List<View> pods(World world) {
        return world.all(Resources.PODS.untyped()).stream().filter(Pods::active).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neverMorePodsThanWantedWhateverFails(long seed) {
        var world = new World(seed, ReplicaSetController.replicationControllers());
        world.failures = 0.2;
        world.ends = 0.05;
        world.fails = 1;
        world.create(Resources.REPLICATION_CONTROLLERS.untyped(), controller("r", 7, "a"));
        world.always(now -> assertThat(pods(now).size()).as("seed %d", seed).isLessThanOrEqualTo(7));
        world.steps(1500);
        world.ends = 0;
        world.settle("seed " + seed);
        assertThat(pods(world)).hasSize(7);
        var status = world.get(Resources.REPLICATION_CONTROLLERS.untyped(), "ns", "r")
                .status();
        assertThat(status.get("availableReplicas").longOr(0)).isEqualTo(7);
        assertThat(status.get("conditions").list()).isEmpty();
    }

    @Test
    void twoThatWantTheSamePodsDoNotFight() {
        var world = new World(3, ReplicaSetController.replicationControllers());
        world.create(Resources.REPLICATION_CONTROLLERS.untyped(), controller("r", 3, "a"));
        world.create(Resources.REPLICATION_CONTROLLERS.untyped(), controller("s", 2, "a"));
        world.settle("both");
        assertThat(pods(world)).hasSize(5);
        assertThat(pods(world))
                .allSatisfy(pod -> assertThat(pod.controller().exists()).isTrue());
    }

    @Test
    void orphansAreAdoptedAndWhatNoLongerMatchesIsReleased() {
        var world = new World(4, ReplicaSetController.replicationControllers());
        var orphan = world.create(
                Resources.PODS.untyped(),
                Trees.map("metadata", Trees.map("name", "orphan", "namespace", "ns", "labels", Trees.map("app", "a"))));
        world.create(Resources.REPLICATION_CONTROLLERS.untyped(), controller("r", 1, "a"));
        world.settle("adopted");
        assertThat(pods(world)).hasSize(1);
        var adopted = world.get(Resources.PODS.untyped(), "ns", orphan.name());
        assertThat(adopted.controller().get("name").string()).isEqualTo("r");
        world.change(
                Resources.PODS.untyped(),
                adopted,
                Trees.map("metadata", Trees.map("labels", Trees.map("app", "other"))));
        world.settle("released");
        assertThat(world.get(Resources.PODS.untyped(), "ns", orphan.name())
                        .controller()
                        .exists())
                .isFalse();
        assertThat(pods(world)).hasSize(2);
    }

    @Test
    void aRefusedPodIsToldInACondition() {
        var world = new World(5, ReplicaSetController.replicationControllers());
        world.create(Resources.REPLICATION_CONTROLLERS.untyped(), controller("r", 2, "a"));
        world.refused.add(Resources.PODS);
        for (int i = 0; i < 60; i++) world.step();
        var condition =
                Pods.condition(world.get(Resources.REPLICATION_CONTROLLERS.untyped(), "ns", "r"), "ReplicaFailure");
        assertThat(condition.get("status").string()).isEqualTo("True");
        assertThat(condition.get("reason").string()).isEqualTo("FailedCreate");
        assertThat(condition.get("message").string()).isEqualTo("the world forbids it");
        world.refused.clear();
        world.settle("allowed again");
        assertThat(world.get(Resources.REPLICATION_CONTROLLERS.untyped(), "ns", "r")
                        .status()
                        .get("conditions")
                        .list())
                .isEmpty();
    }

    @Test
    void whileOnePodIsRefusedTheOthersAreCounted() {
        var world = new World(6, ReplicaSetController.replicationControllers());
        world.create(Resources.REPLICATION_CONTROLLERS.untyped(), controller("r", 2, "a"));
        for (int i = 0; i < 200 && pods(world).size() < 2; i++) world.step();
        world.refused.add(Resources.PODS.untyped());
        world.change(
                Resources.REPLICATION_CONTROLLERS.untyped(),
                world.get(Resources.REPLICATION_CONTROLLERS.untyped(), "ns", "r"),
                Trees.map("spec", Trees.map("replicas", 3L)));
        for (int i = 0; i < 300; i++) world.step();
        var status = world.get(Resources.REPLICATION_CONTROLLERS.untyped(), "ns", "r")
                .status();
        assertThat(status.get("readyReplicas").longOr(0)).isEqualTo(2);
        assertThat(status.get("conditions")
                        .find("type", "ReplicaFailure")
                        .get("reason")
                        .string())
                .isEqualTo("FailedCreate");
        world.refused.clear();
        world.settle("allowed");
        assertThat(pods(world)).hasSize(3);
    }
}
