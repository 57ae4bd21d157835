package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.statefulset.StatefulSetController;
import io.navarch.model.Resources;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatefulSetControllerTest {
    private static Map<String, Object> set(int replicas, String policy, String strategy) {
        return View.of(Yaml.parse("""
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
                """.formatted(replicas, policy, strategy))).map();
    }

    private static World world(long seed) {
        return new World(seed, new StatefulSetController());
    }

    private static void change(World world, Object patch) {
        world.change(Resources.STATEFUL_SETS.untyped(), status(world), Trees.map("spec", patch));
    }

    private static View status(World world) {
        return world.get(Resources.STATEFUL_SETS.untyped(), "ns", "web");
    }

    private static Object image(String image) {
        return Trees.map(
                "template",
                Trees.map("spec", Trees.map("containers", Trees.list(Trees.map("name", "c", "image", image)))));
    }

    private static List<View> pods(World world) {
        return world.all(Resources.PODS.untyped()).stream()
                .sorted(Comparator.comparing(View::name))
                .toList();
    }

    private static List<String> names(World world) {
        return pods(world).stream().map(View::name).toList();
    }

    private static String image(View pod) {
        return pod.spec().get("containers").at(0).get("image").string();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void inOrderUpAndDownWhateverFails(long seed) {
        var world = world(seed);
        world.ends = 0.02;
        world.fails = 1;
        world.create(Resources.STATEFUL_SETS.untyped(), set(4, "OrderedReady", "{type: RollingUpdate}"));
        // A pod is only made when all before it are there.
        var known = new HashSet<String>();
        world.always(now -> {
            for (var pod : now.all(Resources.PODS.untyped())) {
                if (!known.add(pod.uid())) continue;
                int ordinal = Integer.parseInt(pod.name().substring(4));
                for (int i = 0; i < ordinal; i++)
                    assertThat(now.get(Resources.PODS.untyped(), "ns", "web-" + i)
                                    .exists())
                            .as("web-%d before %s, seed %d", i, pod.name(), seed)
                            .isTrue();
            }
        });
        world.steps(1000);
        world.ends = 0;
        world.settle("up, seed " + seed);
        assertThat(names(world)).containsExactly("web-0", "web-1", "web-2", "web-3");
        assertThat(world.all(Resources.PERSISTENT_VOLUME_CLAIMS.untyped())).hasSize(4);
        change(world, Trees.map("replicas", 1L));
        world.settle("down, seed " + seed);
        assertThat(names(world)).containsExactly("web-0");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rollsFromTheHighestNumberAndNeverMoreThanOneIsMissing(long seed) {
        var world = world(seed);
        world.create(
                Resources.STATEFUL_SETS.untyped(),
                set(4, "Parallel", "{type: RollingUpdate, rollingUpdate: {partition: 2}}"));
        world.settle("first");
        var before = status(world).status().get("currentRevision").string();
        world.always(now -> assertThat(pods(now).stream()
                        .filter(Pods::ready)
                        .filter(pod -> !pod.deleting())
                        .count())
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(3));
        change(world, image("new"));
        world.settle("partition, seed " + seed);
        assertThat(pods(world).stream().map(StatefulSetControllerTest::image)).containsExactly("i", "i", "new", "new");
        assertThat(status(world).status().get("currentRevision").string()).isEqualTo(before);
        assertThat(status(world).status().get("updatedReplicas").longOr(0)).isEqualTo(2);
        change(world, Trees.map("updateStrategy", Trees.map("rollingUpdate", Trees.map("partition", 0L))));
        world.settle("all, seed " + seed);
        assertThat(pods(world)).allSatisfy(pod -> assertThat(image(pod)).isEqualTo("new"));
        assertThat(status(world).status().get("currentRevision").string())
                .isEqualTo(status(world).status().get("updateRevision").string())
                .isNotEqualTo(before);
    }

    @Test
    void aDeletedPodOfThePartitionComesBackAsItWas() {
        var world = world(5);
        world.create(
                Resources.STATEFUL_SETS.untyped(),
                set(3, "Parallel", "{type: RollingUpdate, rollingUpdate: {partition: 3}}"));
        world.settle("first");
        change(world, image("new"));
        world.settle("nothing moves");
        var pod = world.get(Resources.PODS.untyped(), "ns", "web-1");
        world.delete(Resources.PODS.untyped(), pod.key(), pod.uid(), null);
        world.settle("again");
        assertThat(image(world.get(Resources.PODS.untyped(), "ns", "web-1"))).isEqualTo("i");
        assertThat(world.get(Resources.PODS.untyped(), "ns", "web-1").uid()).isNotEqualTo(pod.uid());
    }

    @Test
    void onDeleteWaitsForTheUser() {
        var world = world(6);
        world.create(Resources.STATEFUL_SETS.untyped(), set(2, "OrderedReady", "{type: OnDelete}"));
        world.settle("first");
        change(world, image("new"));
        world.settle("nothing moves");
        assertThat(image(world.get(Resources.PODS.untyped(), "ns", "web-0"))).isEqualTo("i");
        var pod = world.get(Resources.PODS.untyped(), "ns", "web-0");
        world.delete(Resources.PODS.untyped(), pod.key(), pod.uid(), null);
        world.settle("one");
        assertThat(pods(world).stream().map(StatefulSetControllerTest::image)).containsExactly("new", "i");
    }

    @Test
    void aRolloutThatIsStuckIsRepairedByTheNext() {
        var world = world(7);
        world.create(Resources.STATEFUL_SETS.untyped(), set(2, "OrderedReady", "{type: RollingUpdate}"));
        world.settle("first");
        change(
                world,
                Trees.map("template", Trees.map("metadata", Trees.map("labels", Trees.map("app", "a", "stuck", "y")))));
        for (int i = 0; i < 1500; i++) world.step();
        assertThat(world.get(Resources.PODS.untyped(), "ns", "web-1").labels()).containsKey("stuck");
        var without = new HashMap<String, Object>();
        without.put("stuck", null);
        change(world, Trees.map("template", Trees.map("metadata", Trees.map("labels", without))));
        world.settle("repaired");
        assertThat(pods(world)).allSatisfy(pod -> assertThat(Pods.ready(pod)).isTrue());
    }

    @Test
    void numbersBeginWhereTheyAreToldTo() {
        var world = world(8);
        var set = set(2, "Parallel", "{type: RollingUpdate}");
        Trees.put(set, 5L, "spec", "ordinals", "start");
        world.create(Resources.STATEFUL_SETS.untyped(), set);
        world.settle("from five");
        assertThat(names(world)).containsExactly("web-5", "web-6");
        assertThat(world.get(Resources.PODS.untyped(), "ns", "web-5").labels())
                .containsEntry("apps.kubernetes.io/pod-index", "5")
                .containsEntry("statefulset.kubernetes.io/pod-name", "web-5");
    }
}
