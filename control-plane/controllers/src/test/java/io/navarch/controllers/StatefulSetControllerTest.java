package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.statefulset.StatefulSetController;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.StatefulSet;
import io.navarch.model.StatefulSetSpec;
import io.navarch.model.StatefulSetStatus;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatefulSetControllerTest {
    private static StatefulSet set(int replicas, String policy, String strategy) {
        return StatefulSet.of(View.of(Yaml.parse("""
                metadata: {name: web, namespace: ns}
                spec:
                  replicas: %d
                  serviceName: web
                  podManagementPolicy: %s
                  updateStrategy: %s
                  revisionHistoryLimit: 1
                  persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Delete}
                  selector: {matchLabels: {app: a}}
                  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: i}]}}
                  volumeClaimTemplates:
                  - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}
                """.formatted(replicas, policy, strategy))));
    }

    private static World world(long seed) {
        return new World(seed, new StatefulSetController());
    }

    private static void change(World world, Consumer<StatefulSetSpec.Builder> change) {
        var patch = StatefulSet.builder().spec(change).build();
        world.change(Resources.STATEFUL_SETS, world.get(Resources.STATEFUL_SETS, "ns", "web"), patch);
    }

    private static StatefulSetStatus status(World world) {
        return world.get(Resources.STATEFUL_SETS, "ns", "web").status();
    }

    private static Consumer<StatefulSetSpec.Builder> image(String image) {
        var containers = List.of(Container.builder().name("c").image(image).build());
        return spec -> spec.template(template -> template.spec(pod -> pod.containers(containers)));
    }

    private static Pod pod(World world, int ordinal) {
        return world.get(Resources.PODS, "ns", "web-" + ordinal);
    }

    private static List<Pod> pods(World world) {
        return world.all(Resources.PODS).stream()
                .sorted(Comparator.comparing(Pod::name))
                .toList();
    }

    private static List<String> names(World world) {
        return pods(world).stream().map(Pod::name).toList();
    }

    private static String image(Pod pod) {
        return pod.spec().containers().getFirst().image();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void inOrderUpAndDownWhateverFails(long seed) {
        var world = world(seed);
        world.ends = 0.02;
        world.fails = 1;
        world.create(Resources.STATEFUL_SETS, set(4, "OrderedReady", "{type: RollingUpdate}"));
        // A pod is only made when all before it are there.
        var known = new HashSet<String>();
        world.always(now -> {
            for (var pod : now.all(Resources.PODS)) {
                if (!known.add(pod.uid())) continue;
                int ordinal = Integer.parseInt(pod.name().substring(4));
                for (int i = 0; i < ordinal; i++)
                    assertThat(pod(now, i).exists())
                            .as("web-%d before %s, seed %d", i, pod.name(), seed)
                            .isTrue();
            }
        });
        world.steps(1000);
        world.ends = 0;
        world.settle("up, seed " + seed);
        assertThat(names(world)).containsExactly("web-0", "web-1", "web-2", "web-3");
        assertThat(world.all(Resources.PERSISTENT_VOLUME_CLAIMS)).hasSize(4);
        change(world, spec -> spec.replicas(1));
        world.settle("down, seed " + seed);
        assertThat(names(world)).containsExactly("web-0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rollsFromTheHighestNumberAndNeverMoreThanOneIsMissing(long seed) {
        var world = world(seed);
        world.create(
                Resources.STATEFUL_SETS, set(4, "Parallel", "{type: RollingUpdate, rollingUpdate: {partition: 2}}"));
        world.settle("first");
        var before = status(world).currentRevision();
        world.always(now -> assertThat(pods(now).stream()
                        .filter(Pods::ready)
                        .filter(pod -> !pod.deleting())
                        .count())
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(3));
        change(world, image("new"));
        world.settle("partition, seed " + seed);
        assertThat(pods(world).stream().map(StatefulSetControllerTest::image)).containsExactly("i", "i", "new", "new");
        assertThat(status(world).currentRevision()).isEqualTo(before);
        assertThat(status(world).updatedReplicas()).isEqualTo(2);
        change(world, spec -> spec.updateStrategy(strategy -> strategy.rollingUpdate(rolling -> rolling.partition(0))));
        world.settle("all, seed " + seed);
        assertThat(pods(world)).allSatisfy(pod -> assertThat(image(pod)).isEqualTo("new"));
        assertThat(status(world).currentRevision())
                .isEqualTo(status(world).updateRevision())
                .isNotEqualTo(before);
    }

    @Test
    void aDeletedPodOfThePartitionComesBackAsItWas() {
        var world = world(5);
        world.create(
                Resources.STATEFUL_SETS, set(3, "Parallel", "{type: RollingUpdate, rollingUpdate: {partition: 3}}"));
        world.settle("first");
        change(world, image("new"));
        world.settle("nothing moves");
        var pod = pod(world, 1);
        world.delete(Resources.PODS, pod);
        world.settle("again");
        assertThat(image(pod(world, 1))).isEqualTo("i");
        assertThat(pod(world, 1).uid()).isNotEqualTo(pod.uid());
    }

    @Test
    void onDeleteWaitsForTheUser() {
        var world = world(6);
        world.create(Resources.STATEFUL_SETS, set(2, "OrderedReady", "{type: OnDelete}"));
        world.settle("first");
        change(world, image("new"));
        world.settle("nothing moves");
        assertThat(image(pod(world, 0))).isEqualTo("i");
        var pod = pod(world, 0);
        world.delete(Resources.PODS, pod);
        world.settle("one");
        assertThat(pods(world).stream().map(StatefulSetControllerTest::image)).containsExactly("new", "i");
    }

    @Test
    void aRolloutThatIsStuckIsRepairedByTheNext() {
        var world = world(7);
        world.create(Resources.STATEFUL_SETS, set(2, "OrderedReady", "{type: RollingUpdate}"));
        world.settle("first");
        change(
                world,
                spec -> spec.template(template -> template.metadata(
                        metadata -> metadata.putLabels("app", "a").putLabels("stuck", "y"))));
        for (int i = 0; i < 1500; i++) world.step();
        assertThat(pod(world, 1).labels()).containsKey("stuck");
        world.change(
                Resources.STATEFUL_SETS,
                world.get(Resources.STATEFUL_SETS, "ns", "web"),
                Yaml.parse("spec: {template: {metadata: {labels: {stuck: null}}}}"));
        world.settle("repaired");
        assertThat(pods(world)).allSatisfy(pod -> assertThat(Pods.ready(pod)).isTrue());
    }

    @Test
    void numbersBeginWhereTheyAreToldTo() {
        var world = world(8);
        var set = set(2, "Parallel", "{type: RollingUpdate}");
        world.create(
                Resources.STATEFUL_SETS,
                set.toBuilder()
                        .spec(spec -> spec.ordinals(ordinals -> ordinals.start(5)))
                        .build());
        world.settle("from five");
        assertThat(names(world)).containsExactly("web-5", "web-6");
        assertThat(pod(world, 5).labels())
                .containsEntry("apps.kubernetes.io/pod-index", "5")
                .containsEntry("statefulset.kubernetes.io/pod-name", "web-5");
    }
}
