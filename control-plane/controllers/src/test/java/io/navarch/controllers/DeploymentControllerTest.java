package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.deployment.DeploymentController;
import io.navarch.controllers.replicaset.ReplicaSetController;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConfigMap;
import io.navarch.model.Deployment;
import io.navarch.model.DeploymentSpec;
import io.navarch.model.Pod;
import io.navarch.model.ReplicaSet;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rollouts as properties: whatever the order, whoever is late, whatever fails.
class DeploymentControllerTest {
    private static World world(long seed) {
        return new World(seed, new DeploymentController(), ReplicaSetController.replicaSets());
    }

    private static Deployment deployment(int replicas, String strategy) {
        return Deployment.of(View.of(Yaml.parse("""
                metadata: {name: d, namespace: ns}
                spec:
                  replicas: %d
                  revisionHistoryLimit: 2
                  progressDeadlineSeconds: 600
                  selector: {matchLabels: {app: a}}
                  strategy: %s
                  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i}]}}
                """.formatted(replicas, strategy))));
    }

    private static Deployment deployment(World world) {
        return world.get(Resources.DEPLOYMENTS, "ns", "d");
    }

    private static void change(World world, Consumer<DeploymentSpec.Builder> change) {
        world.change(
                Resources.DEPLOYMENTS,
                deployment(world),
                Deployment.builder().spec(change).build());
    }

    private static Consumer<DeploymentSpec.Builder> revision(int number) {
        return spec -> spec.template(
                template -> template.metadata(metadata -> metadata.putAnnotations("revision", "" + number)));
    }

    private static String progress(World world) {
        return StatusCondition.find(deployment(world).status().conditions(), "Progressing")
                .orElseThrow()
                .reason();
    }

    private static long active(World world) {
        return world.all(Resources.PODS).stream().filter(Pods::active).count();
    }

    private static long ready(World world) {
        return world.all(Resources.PODS).stream()
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
                Resources.DEPLOYMENTS,
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
        assertThat(world.all(Resources.REPLICA_SETS).size()).as("history").isLessThanOrEqualTo(3);
        assertThat(world.all(Resources.PODS))
                .allSatisfy(pod -> assertThat(pod.annotation("revision")).isEqualTo("5"));
    }

    @Test
    void recreateNeverMixesOldAndNew() {
        var world = world(7);
        world.create(Resources.DEPLOYMENTS, deployment(4, "{type: Recreate}"));
        world.settle("first");
        world.always(now -> assertThat(now.all(Resources.PODS).stream()
                        .filter(pod -> !Pods.ended(pod))
                        .map(pod -> pod.controller().uid())
                        .distinct()
                        .count())
                .isLessThanOrEqualTo(1));
        // The new set is made in its full size, once the old pods are gone.
        world.always(now -> assertThat(now.all(Resources.REPLICA_SETS).stream()
                        .filter(set -> set.spec().replicas() == 0))
                .hasSizeLessThanOrEqualTo(1));
        change(world, revision(2));
        world.settle("second");
        assertThat(active(world)).isEqualTo(4);
    }

    @Test
    void aPausedDeploymentScalesButDoesNotRoll() {
        var world = world(3);
        world.create(
                Resources.DEPLOYMENTS,
                deployment(2, "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}"));
        world.settle("first");
        change(world, spec -> spec.paused(true).replicas(5));
        change(world, revision(2));
        world.settle("paused");
        assertThat(active(world)).isEqualTo(5);
        assertThat(world.all(Resources.REPLICA_SETS)).hasSize(1);
        assertThat(progress(world)).isEqualTo("DeploymentPaused");
    }

    @Test
    void foreignPodsAreNeitherCountedNorDeleted() {
        var world = world(5);
        world.create(Resources.DEPLOYMENTS, deployment(3, "{type: Recreate}"));
        var other = world.create(
                Resources.CONFIG_MAPS,
                ConfigMap.builder()
                        .metadata(metadata -> metadata.name("o").namespace("ns"))
                        .build());
        var foreign = world.create(
                Resources.PODS,
                Pod.builder()
                        .metadata(metadata -> metadata.name("foreign")
                                .namespace("ns")
                                .putLabels("app", "a")
                                .addOwnerReferences(OwnerReferences.of(other, Resources.CONFIG_MAPS)))
                        .build());
        world.settle("first");
        change(world, spec -> spec.replicas(0));
        world.settle("none");
        assertThat(world.all(Resources.PODS).stream().map(Pod::name)).containsExactly(foreign.name());
    }

    @Test
    void anotherReplicaSetOfTheSameNameIsNotTakenForItsOwn() {
        var world = world(11);
        world.failures = 0;
        world.create(Resources.DEPLOYMENTS, deployment(1, "{type: Recreate}"));
        world.settle("first");
        var first = world.all(Resources.REPLICA_SETS).getFirst();
        world.delete(Resources.DEPLOYMENTS, deployment(world));
        world.settle("gone");
        var squatter = ReplicaSet.builder()
                .metadata(
                        metadata -> metadata.name(first.name()).namespace("ns").putLabels("other", "b"))
                .spec(spec -> spec.replicas(0).selector(selector -> selector.putMatchLabels("other", "b")))
                .build();
        world.create(Resources.REPLICA_SETS, squatter);
        world.create(Resources.DEPLOYMENTS, deployment(1, "{type: Recreate}"));
        world.settle("beside the squatter");
        assertThat(active(world)).isEqualTo(1);
        assertThat(deployment(world).status().collisionCount()).isEqualTo(1);
    }

    private static final String SURGE = "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";

    /// A Deployment whose pods never become ready.
    private static World stuck(long seed, int replicas) {
        var world = world(seed);
        world.create(
                Resources.DEPLOYMENTS,
                deployment(replicas, SURGE).toBuilder()
                        .spec(spec -> spec.template(
                                template -> template.metadata(metadata -> metadata.putLabels("stuck", "yes"))))
                        .build());
        world.settle("stuck");
        return world;
    }

    private static void pass(World world, int seconds) {
        world.pass(Duration.ofSeconds(seconds));
        world.settle("after " + seconds + " s");
    }

    @Test
    void theDeadlineOfAStuckRolloutIsTold() {
        var world = stuck(13, 2);
        pass(world, 700);
        assertThat(progress(world)).isEqualTo("ProgressDeadlineExceeded");
        assertThat(deployment(world).status().unavailableReplicas()).isEqualTo(2);
    }

    @Test
    void pausingDoesNotHideADeadlineThatWasMissed() {
        var world = stuck(14, 2);
        pass(world, 700);
        change(world, spec -> spec.paused(true));
        world.settle("changed");
        assertThat(progress(world)).isEqualTo("ProgressDeadlineExceeded");
    }

    @Test
    void thereIsNoDeadlineWhilePausedAndAWholeOneAfterwards() {
        var world = stuck(15, 2);
        change(world, spec -> spec.paused(true));
        world.settle("paused");
        pass(world, 700);
        assertThat(progress(world)).isEqualTo("DeploymentPaused");
        change(world, spec -> spec.paused(false));
        world.settle("resumed");
        pass(world, 400);
        assertThat(progress(world)).isEqualTo("DeploymentResumed");
        pass(world, 300);
        assertThat(progress(world)).isEqualTo("ProgressDeadlineExceeded");
    }

    @Test
    void scalingWhatIsCompleteIsNoRollout() {
        var world = stuck(16, 0);
        assertThat(progress(world)).isEqualTo("NewReplicaSetAvailable");
        change(world, spec -> spec.replicas(1));
        world.settle("scaled");
        pass(world, 700);
        assertThat(active(world)).isEqualTo(1);
        assertThat(progress(world)).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void withoutADeadlineNothingIsSaidAboutProgress() {
        var world = stuck(17, 1);
        change(world, spec -> spec.progressDeadlineSeconds(Integer.MAX_VALUE));
        world.settle("changed");
        assertThat(StatusCondition.find(deployment(world).status().conditions(), "Progressing"))
                .isEmpty();
        change(world, spec -> spec.progressDeadlineSeconds(600));
        world.settle("changed");
        assertThat(progress(world)).isEqualTo("FoundNewReplicaSet");
        pass(world, 700);
        assertThat(progress(world)).isEqualTo("ProgressDeadlineExceeded");
    }

    @Test
    void whenSizeAndTemplateChangeAtOnceTheOldPodsGetTheNewSizeFirst() {
        var world = world(18);
        world.create(Resources.DEPLOYMENTS, deployment(2, SURGE));
        world.settle("first");
        world.always(now -> {
            if (now.all(Resources.REPLICA_SETS).size() < 2) return;
            var first = now.all(Resources.REPLICA_SETS).stream()
                    .filter(set ->
                            set.annotation("deployment.kubernetes.io/revision").equals("1"))
                    .findFirst();
            first.ifPresent(set -> assertThat(set.annotation("deployment.kubernetes.io/desired-replicas"))
                    .isEqualTo("6"));
        });
        change(world, spec -> {
            spec.replicas(6);
            revision(2).accept(spec);
        });
        world.settle("second");
        assertThat(active(world)).isEqualTo(6);
    }
}
