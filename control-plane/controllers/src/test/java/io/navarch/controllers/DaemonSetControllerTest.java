package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.daemonset.DaemonSetController;
import io.navarch.controllers.daemonset.FailedPods;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.ControllerRun;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonSetControllerTest {
    private static Map<String, Object> set(String strategy) {
        return View.of(Yaml.parse("""
                metadata: {name: d, namespace: ns}
                spec:
                  updateStrategy: %s
                  revisionHistoryLimit: 1
                  selector: {matchLabels: {app: a}}
                  template: {metadata: {labels: {app: a}}, spec: {nodeSelector: {disk: ssd}, containers: [{name: c, image: i}]}}
                """.formatted(strategy))).map();
    }

    private static final ResourceType<View> NODES = Resources.NODES.untyped();

    /// Pods come to the node that they are meant for.
    private static World world(long seed, int nodes) {
        var world = new World(seed)
                .with(new ControllerRun<>(new DaemonSetController(), new FailedPods()))
                .withNode(DaemonSetControllerTest::bind);
        for (int i = 0; i < nodes; i++)
            world.create(NODES, Trees.map("metadata", Trees.map("name", "n" + i, "labels", Trees.map("disk", "ssd"))));
        return world;
    }

    private static void bind(World world) {
        var pods = world.all(Resources.PODS.untyped()).stream()
                .filter(pod -> !Pods.ended(pod))
                .toList();
        if (pods.isEmpty()) return;
        var pod = pods.get(world.random.nextInt(pods.size()));
        var terms = pod.spec()
                .get("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
                .get("nodeSelectorTerms");
        var node = terms.at(0).get("matchFields").at(0).get("values").at(0).string();
        if (pod.deleting()) world.end(pod, "Failed");
        else if (Pods.node(pod).isEmpty())
            world.change(Resources.PODS.untyped(), pod, Trees.map("spec", Trees.map("nodeName", node)));
        else if (!Pods.ready(pod)) world.ready(pod);
        else if (world.random.nextDouble() < world.ends) world.end(pod, "Failed");
    }

    private static Map<String, Long> perNode(World world) {
        return world.all(Resources.PODS.untyped()).stream()
                .filter(Pods::active)
                .filter(pod -> !Pods.node(pod).isEmpty())
                .collect(Collectors.groupingBy(Pods::node, Collectors.counting()));
    }

    private static void change(World world, Object patch) {
        world.change(Resources.DAEMON_SETS.untyped(), world.get(Resources.DAEMON_SETS.untyped(), "ns", "d"), patch);
    }

    private static Object image(String image) {
        return Trees.map(
                "spec",
                Trees.map(
                        "template",
                        Trees.map(
                                "spec", Trees.map("containers", Trees.list(Trees.map("name", "c", "image", image))))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyNodeThatFitsHasOnePod(long seed) {
        var world = world(seed, 4);
        world.ends = 0.02;
        world.create(Resources.DAEMON_SETS.untyped(), set("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}"));
        world.always(
                now -> assertThat(perNode(now).values()).as("seed %d", seed).allMatch(count -> count <= 1));
        world.steps(1500);
        world.ends = 0;
        world.settle("four nodes, seed " + seed);
        assertThat(perNode(world)).hasSize(4);
        world.change(
                NODES,
                world.get(NODES, "", "n0"),
                Trees.map("metadata", Trees.map("labels", Trees.map("disk", "hdd"))));
        world.change(
                NODES,
                world.get(NODES, "", "n1"),
                Trees.map("spec", Trees.map("taints", Trees.list(Trees.map("key", "k", "effect", "NoSchedule")))));
        world.settle("one node no longer, seed " + seed);
        // What runs on a node that only takes no new pods stays there.
        assertThat(perNode(world)).containsOnlyKeys("n1", "n2", "n3");
        var status = world.get(Resources.DAEMON_SETS.untyped(), "ns", "d").status();
        assertThat(status.get("desiredNumberScheduled").longOr(0)).isEqualTo(2);
        assertThat(status.get("numberMisscheduled").longOr(0)).isEqualTo(1);
        assertThat(status.get("numberReady").longOr(0)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverMoreNodesWithoutThanMayBe(long seed) {
        var world = world(seed, 6);
        world.create(Resources.DAEMON_SETS.untyped(), set("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}"));
        world.settle("first");
        world.always(now -> assertThat(now.all(Resources.PODS.untyped()).stream()
                        .filter(pod -> Pods.ready(pod) && !pod.deleting())
                        .count())
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(4));
        change(world, image("new"));
        world.settle("second, seed " + seed);
        assertThat(world.all(Resources.PODS.untyped()))
                .allSatisfy(pod -> assertThat(
                                pod.spec().get("containers").at(0).get("image").string())
                        .isEqualTo("new"));
        var revisions = world.all(Resources.CONTROLLER_REVISIONS.untyped());
        assertThat(revisions).hasSize(2);
        change(world, image("i"));
        world.settle("back, seed " + seed);
        assertThat(world.all(Resources.CONTROLLER_REVISIONS.untyped()).stream()
                        .map(View::name)
                        .toList())
                .containsExactlyInAnyOrderElementsOf(
                        revisions.stream().map(View::name).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void withASurgeNoNodeIsEverWithout(long seed) {
        var world = world(seed, 5);
        world.create(
                Resources.DAEMON_SETS.untyped(),
                set("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 0, maxSurge: 2}}"));
        world.settle("first");
        world.always(now -> {
            assertThat(now.all(Resources.PODS.untyped()).stream()
                            .filter(pod -> Pods.ready(pod) && !pod.deleting())
                            .map(Pods::node)
                            .distinct()
                            .count())
                    .as("seed %d", seed)
                    .isEqualTo(5);
            assertThat(now.all(Resources.PODS.untyped()).stream()
                            .filter(Pods::active)
                            .count())
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(7);
        });
        change(world, image("new"));
        world.settle("second, seed " + seed);
        assertThat(perNode(world).values()).containsExactly(1L, 1L, 1L, 1L, 1L);
    }

    @Test
    void onDeleteWaitsForTheUser() {
        var world = world(9, 2);
        world.create(Resources.DAEMON_SETS.untyped(), set("{type: OnDelete}"));
        world.settle("first");
        var before = world.all(Resources.PODS.untyped()).stream().map(View::uid).toList();
        change(world, image("new"));
        world.settle("nothing moves");
        assertThat(world.all(Resources.PODS.untyped()).stream().map(View::uid).toList())
                .isEqualTo(before);
        assertThat(List.of(world.get(Resources.DAEMON_SETS.untyped(), "ns", "d")
                        .status()
                        .get("updatedNumberScheduled")
                        .longOr(0)))
                .containsExactly(0L);
    }
}
