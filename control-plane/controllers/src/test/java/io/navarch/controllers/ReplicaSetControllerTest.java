package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.replicaset.ReplicaSetController;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.ReplicationController;
import io.navarch.model.ReplicationControllerCondition;
import io.navarch.model.ReplicationControllerStatus;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaSetControllerTest {
    private static ReplicationController controller(String name, int replicas, String label) {
        return ReplicationController.of(View.of(Yaml.parse("""
                metadata: {name: %s, namespace: ns}
                spec:
                  replicas: %d
                  selector: {app: %s}
                  template: {metadata: {labels: {app: %s}}, spec: {containers: [{name: c, image: i}]}}
                """.formatted(name, replicas, label, label))));
    }

    private static List<Pod> pods(World world) {
        return world.all(Resources.PODS).stream().filter(Pods::active).toList();
    }

    private static ReplicationControllerStatus status(World world) {
        return world.get(Resources.REPLICATION_CONTROLLERS, "ns", "r").status();
    }

    private static ReplicationControllerCondition failure(World world) {
        return StatusCondition.find(status(world).conditions(), "ReplicaFailure")
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neverMorePodsThanWantedWhateverFails(long seed) {
        var world = new World(seed, ReplicaSetController.replicationControllers());
        world.failures = 0.2;
        world.ends = 0.05;
        world.fails = 1;
        world.create(Resources.REPLICATION_CONTROLLERS, controller("r", 7, "a"));
        world.always(now -> assertThat(pods(now).size()).as("seed %d", seed).isLessThanOrEqualTo(7));
        world.steps(1500);
        world.ends = 0;
        world.settle("seed " + seed);
        assertThat(pods(world)).hasSize(7);
        var status = status(world);
        assertThat(status.availableReplicas()).isEqualTo(7);
        assertThat(status.conditions()).isEmpty();
    }

    @Test
    void twoThatWantTheSamePodsDoNotFight() {
        var world = new World(3, ReplicaSetController.replicationControllers());
        world.create(Resources.REPLICATION_CONTROLLERS, controller("r", 3, "a"));
        world.create(Resources.REPLICATION_CONTROLLERS, controller("s", 2, "a"));
        world.settle("both");
        assertThat(pods(world)).hasSize(5);
        assertThat(pods(world))
                .allSatisfy(pod -> assertThat(pod.controller().exists()).isTrue());
    }

    @Test
    void orphansAreAdoptedAndWhatNoLongerMatchesIsReleased() {
        var world = new World(4, ReplicaSetController.replicationControllers());
        var orphan = world.create(
                Resources.PODS,
                Pod.builder()
                        .metadata(metadata ->
                                metadata.name("orphan").namespace("ns").putLabels("app", "a"))
                        .build());
        world.create(Resources.REPLICATION_CONTROLLERS, controller("r", 1, "a"));
        world.settle("adopted");
        assertThat(pods(world)).hasSize(1);
        var adopted = world.get(Resources.PODS, "ns", orphan.name());
        assertThat(adopted.controller().name()).isEqualTo("r");
        world.change(
                Resources.PODS,
                adopted,
                Pod.builder()
                        .metadata(metadata -> metadata.putLabels("app", "other"))
                        .build());
        world.settle("released");
        assertThat(world.get(Resources.PODS, "ns", orphan.name()).controller().exists())
                .isFalse();
        assertThat(pods(world)).hasSize(2);
    }

    @Test
    void aRefusedPodIsToldInACondition() {
        var world = new World(5, ReplicaSetController.replicationControllers());
        world.create(Resources.REPLICATION_CONTROLLERS, controller("r", 2, "a"));
        world.refused.add(Resources.PODS);
        for (int i = 0; i < 60; i++) world.step();
        var condition = failure(world);
        assertThat(condition.status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(condition.reason()).isEqualTo("FailedCreate");
        assertThat(condition.message()).isEqualTo("the world forbids it");
        world.refused.clear();
        world.settle("allowed again");
        assertThat(status(world).conditions()).isEmpty();
    }

    @Test
    void whileOnePodIsRefusedTheOthersAreCounted() {
        var world = new World(6, ReplicaSetController.replicationControllers());
        world.create(Resources.REPLICATION_CONTROLLERS, controller("r", 2, "a"));
        for (int i = 0; i < 200 && pods(world).size() < 2; i++) world.step();
        world.refused.add(Resources.PODS);
        world.change(
                Resources.REPLICATION_CONTROLLERS,
                world.get(Resources.REPLICATION_CONTROLLERS, "ns", "r"),
                ReplicationController.builder().spec(spec -> spec.replicas(3)).build());
        for (int i = 0; i < 300; i++) world.step();
        var status = status(world);
        assertThat(status.readyReplicas()).isEqualTo(2);
        assertThat(failure(world).reason()).isEqualTo("FailedCreate");
        world.refused.clear();
        world.settle("allowed");
        assertThat(pods(world)).hasSize(3);
    }
}
