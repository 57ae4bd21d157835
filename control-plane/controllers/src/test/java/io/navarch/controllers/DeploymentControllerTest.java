package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentControllerTest {
    @SuppressWarnings("unchecked")
    private static Map<String, Object> spec(int replicas, String strategy) {
        return (Map<String, Object>) Yaml.parse("{replicas: " + replicas
                + ", revisionHistoryLimit: 2, selector: {matchLabels: {app: a}}, strategy: " + strategy
                + ", template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: 'i:1'}]}}}");
    }

    private static void settle(RolloutSimulation simulation, String what) {
        for (int i = 0; i < 20_000 && !simulation.settled(); i++) simulation.step();
        assertThat(simulation.settled()).as(what).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void rollsWithinSurgeAndUnavailableAndSettles(long seed) {
        var random = new Random(seed);
        int replicas = 1 + random.nextInt(12);
        int surge = random.nextInt(4);
        int unavailable = surge == 0 ? 1 + random.nextInt(3) : random.nextInt(3);
        var simulation = new RolloutSimulation(
                seed,
                spec(
                        replicas,
                        "{type: RollingUpdate, rollingUpdate: {maxSurge: " + surge + ", maxUnavailable: " + unavailable
                                + "}}"));
        settle(simulation, "first rollout, seed " + seed);
        for (int revision = 2; revision < 6; revision++) {
            simulation.update("spec.template.metadata.annotations.revision", String.valueOf(revision));
            for (int i = 0; i < 20_000 && !simulation.settled(); i++) {
                simulation.step();
                assertThat(simulation.pods.size()).as("surge, seed %d", seed).isLessThanOrEqualTo(replicas + surge);
                assertThat(simulation.available())
                        .as("available, seed %d", seed)
                        .isGreaterThanOrEqualTo(replicas - unavailable);
            }
            settle(simulation, "revision " + revision + ", seed " + seed);
        }
        assertThat(simulation.pods).hasSize(replicas);
        assertThat(simulation.sets.size()).as("history").isLessThanOrEqualTo(3);
    }

    @Test
    void recreateNeverMixesOldAndNew() {
        var simulation = new RolloutSimulation(7, spec(4, "{type: Recreate}"));
        settle(simulation, "first");
        simulation.update("spec.template.metadata.annotations.revision", "2");
        for (int i = 0; i < 20_000 && !simulation.settled(); i++) {
            simulation.step();
            long owners = simulation.pods.values().stream()
                    .map(pod -> View.of(pod).controller().get("uid").string())
                    .distinct()
                    .count();
            assertThat(owners).isLessThanOrEqualTo(1);
        }
        settle(simulation, "second");
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRoll() {
        var simulation = new RolloutSimulation(
                3, spec(2, "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}"));
        settle(simulation, "first");
        simulation.update("spec.paused", true);
        simulation.update("spec.template.metadata.annotations.revision", "2");
        simulation.update("spec.replicas", 5L);
        settle(simulation, "paused");
        assertThat(simulation.pods).hasSize(5);
        assertThat(simulation.sets).hasSize(1);
        assertThat(View.of(simulation.deployment)
                        .status()
                        .get("conditions")
                        .find("type", "Progressing")
                        .get("reason")
                        .string())
                .isEqualTo("DeploymentPaused");
    }

    @Test
    void foreignPodsAreNeitherCountedNorDeleted() {
        var simulation = new RolloutSimulation(5, spec(3, "{type: Recreate}"));
        settle(simulation, "first");
        var foreign = Trees.map(
                "metadata",
                Trees.map(
                        "name",
                        "foreign",
                        "namespace",
                        "n",
                        "uid",
                        "f",
                        "labels",
                        Trees.map("app", "a"),
                        "ownerReferences",
                        Trees.list(
                                Trees.map("uid", "other", "kind", "ReplicaSet", "name", "other", "controller", true))));
        simulation.pods.put(View.of(foreign).key(), foreign);
        simulation.update("spec.replicas", 0L);
        for (int i = 0; i < 2000; i++) simulation.step();
        assertThat(simulation.pods).containsOnlyKeys(View.of(foreign).key());
    }
}
