package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.daemonset.DaemonSetController;
import io.navarch.controllers.daemonset.FailedPods;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.ControllerRevision;
import io.navarch.model.DaemonSet;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.Resources;
import io.navarch.model.TaintEffect;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.ControllerRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonSetControllerTest {
    private static DaemonSet set(String strategy) {
        return DaemonSet.of(View.of(Yaml.parse("""
                metadata: {name: d, namespace: ns}
                spec:
                  updateStrategy: %s
                  revisionHistoryLimit: 1
                  selector: {matchLabels: {app: a}}
                  template: {metadata: {labels: {app: a}}, spec: {nodeSelector: {disk: ssd}, containers: [{name: c, image: i}]}}
                """.formatted(strategy))));
    }

    private static Node node(String name) {
        return Node.builder()
                .metadata(metadata -> metadata.name(name).putLabels("disk", "ssd"))
                .build();
    }

    /// Pods come to the node that they are meant for.
    private static World world(long seed, int nodes) {
        var world = new World(seed)
                .with(new ControllerRun<>(new DaemonSetController(), new FailedPods()))
                .withNode(DaemonSetControllerTest::bind);
        for (int i = 0; i < nodes; i++) world.create(Resources.NODES, node("n" + i));
        return world;
    }

    private static void bind(World world) {
        var pods = world.all(Resources.PODS).stream()
                .filter(pod -> !Pods.ended(pod))
                .toList();
        if (pods.isEmpty()) return;
        var pod = pods.get(world.random.nextInt(pods.size()));
        var terms = pod.spec()
                .affinity()
                .nodeAffinity()
                .requiredDuringSchedulingIgnoredDuringExecution()
                .nodeSelectorTerms();
        if (pod.deleting()) world.end(pod, PodPhase.FAILED);
        else if (!Pods.assigned(pod))
            world.assign(pod, terms.getFirst().matchFields().getFirst().values().getFirst());
        else if (!Pods.ready(pod)) world.ready(pod);
        else if (world.random.nextDouble() < world.ends) world.end(pod, PodPhase.FAILED);
    }

    private static Map<String, Long> perNode(World world) {
        return world.all(Resources.PODS).stream()
                .filter(Pods::active)
                .filter(Pods::assigned)
                .collect(Collectors.groupingBy(pod -> pod.spec().nodeName(), Collectors.counting()));
    }

    private static DaemonSet set(World world) {
        return world.get(Resources.DAEMON_SETS, "ns", "d");
    }

    private static void image(World world, String image) {
        var containers = List.of(Container.builder().name("c").image(image).build());
        var patch = DaemonSet.builder()
                .spec(spec -> spec.template(template -> template.spec(pod -> pod.containers(containers))));
        world.change(Resources.DAEMON_SETS, set(world), patch.build());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyNodeThatFitsHasOnePod(long seed) {
        var world = world(seed, 4);
        world.ends = 0.02;
        world.create(Resources.DAEMON_SETS, set("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}"));
        world.always(
                now -> assertThat(perNode(now).values()).as("seed %d", seed).allMatch(count -> count <= 1));
        world.steps(1500);
        world.ends = 0;
        world.settle("four nodes, seed " + seed);
        assertThat(perNode(world)).hasSize(4);
        world.change(
                Resources.NODES,
                world.get(Resources.NODES, "", "n0"),
                Node.builder()
                        .metadata(metadata -> metadata.putLabels("disk", "hdd"))
                        .build());
        world.change(
                Resources.NODES,
                world.get(Resources.NODES, "", "n1"),
                Node.builder()
                        .spec(spec -> spec.addTaints(taint -> taint.key("k").effect(TaintEffect.NO_SCHEDULE)))
                        .build());
        world.settle("one node no longer, seed " + seed);
        // What runs on a node that only takes no new pods stays there.
        assertThat(perNode(world)).containsOnlyKeys("n1", "n2", "n3");
        var status = set(world).status();
        assertThat(status.desiredNumberScheduled()).isEqualTo(2);
        assertThat(status.numberMisscheduled()).isEqualTo(1);
        assertThat(status.numberReady()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverMoreNodesWithoutThanMayBe(long seed) {
        var world = world(seed, 6);
        world.create(Resources.DAEMON_SETS, set("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}"));
        world.settle("first");
        world.always(now -> assertThat(now.all(Resources.PODS).stream()
                        .filter(pod -> Pods.ready(pod) && !pod.deleting())
                        .count())
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(4));
        image(world, "new");
        world.settle("second, seed " + seed);
        assertThat(world.all(Resources.PODS))
                .allSatisfy(pod ->
                        assertThat(pod.spec().containers().getFirst().image()).isEqualTo("new"));
        var revisions = world.all(Resources.CONTROLLER_REVISIONS);
        assertThat(revisions).hasSize(2);
        image(world, "i");
        world.settle("back, seed " + seed);
        assertThat(world.all(Resources.CONTROLLER_REVISIONS).stream()
                        .map(ControllerRevision::name)
                        .toList())
                .containsExactlyInAnyOrderElementsOf(
                        revisions.stream().map(ControllerRevision::name).toList());
    }

    /// Whoever looks for the revision of a template compares bytes.
    @Test
    void aRevisionRecordsTheTemplateInTheOrderOfTheNamesOfFields() {
        var world = world(1, 1);
        world.create(Resources.DAEMON_SETS, set("{type: RollingUpdate}"));
        world.settle("created");
        var data = world.all(Resources.CONTROLLER_REVISIONS).iterator().next().data();
        assertThat(new String(Json.write(data.map()), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"spec\":{\"template\":{\"$patch\":\"replace\",\"metadata\":{\"labels\":{\"app\":\"a\"}},"
                                + "\"spec\":{\"containers\":[{\"image\":\"i\",\"name\":\"c\"}],\"nodeSelector\":{\"disk\":\"ssd\"}}}}}");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void withASurgeNoNodeIsEverWithout(long seed) {
        var world = world(seed, 5);
        world.create(
                Resources.DAEMON_SETS, set("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 0, maxSurge: 2}}"));
        world.settle("first");
        world.always(now -> {
            assertThat(now.all(Resources.PODS).stream()
                            .filter(pod -> Pods.ready(pod) && !pod.deleting())
                            .map(pod -> pod.spec().nodeName())
                            .distinct()
                            .count())
                    .as("seed %d", seed)
                    .isEqualTo(5);
            assertThat(now.all(Resources.PODS).stream().filter(Pods::active).count())
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(7);
        });
        image(world, "new");
        world.settle("second, seed " + seed);
        assertThat(perNode(world).values()).containsExactly(1L, 1L, 1L, 1L, 1L);
    }

    @Test
    void onDeleteWaitsForTheUser() {
        var world = world(9, 2);
        world.create(Resources.DAEMON_SETS, set("{type: OnDelete}"));
        world.settle("first");
        var before = world.all(Resources.PODS).stream().map(Pod::uid).toList();
        image(world, "new");
        world.settle("nothing moves");
        assertThat(world.all(Resources.PODS).stream().map(Pod::uid).toList()).isEqualTo(before);
        assertThat(set(world).status().updatedNumberScheduled()).isZero();
    }
}
