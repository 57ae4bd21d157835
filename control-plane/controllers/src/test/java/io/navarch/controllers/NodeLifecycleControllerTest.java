package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.node.NodeLifecycleController;
import io.navarch.controllers.node.Zone;
import io.navarch.model.ConditionStatus;
import io.navarch.model.EventType;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeLifecycleControllerTest {
    private static final ResourceType<View> NODES = Resources.NODES.untyped();

    /// A zone of one node, which is not ready.
    private static final Zone LAST = new Zone(1, 1, false, 1, "n0", Optional.empty());

    private static World world(long seed, int nodes) {
        var time = new AtomicReference<World>();
        var world = new World(seed, NodeLifecycleController.timedBy(() -> nanos(time)));
        time.set(world);
        for (int i = 0; i < nodes; i++)
            world.create(
                    NODES,
                    Trees.map(
                            "metadata",
                            Trees.map("name", "n" + i),
                            "spec",
                            Trees.map(),
                            "status",
                            ready("2026-01-01T00:00:00Z")));
        return world;
    }

    private static long nanos(AtomicReference<World> time) {
        return time.get().now.toEpochMilli() * 1_000_000;
    }

    private static Map<String, Object> ready(String since) {
        return Trees.map(
                "conditions", Trees.list(Trees.map("type", "Ready", "status", "True", "lastTransitionTime", since)));
    }

    /// The nodes from `first` on say that they are alive.
    private static void beat(World world, int first) {
        for (var node : world.all(NODES)) {
            if (Integer.parseInt(node.name().substring(1)) < first) continue;
            var lease = world.get(Resources.LEASES.untyped(), "kube-node-lease", node.name());
            var spec = Trees.map("renewTime", Timestamps.micros(world.now));
            if (lease.exists()) world.change(Resources.LEASES.untyped(), lease, Trees.map("spec", spec));
            else
                world.create(
                        Resources.LEASES.untyped(),
                        Trees.map(
                                "metadata",
                                Trees.map("name", node.name(), "namespace", "kube-node-lease"),
                                "spec",
                                spec));
            if (!node.condition("Ready").equals("True"))
                world.changeStatus(NODES, node, ready(Timestamps.seconds(world.now)));
        }
    }

    private static List<String> evicted(World world) {
        var result = new ArrayList<String>();
        for (var node : world.all(NODES))
            if (node.spec().get("taints").stream()
                    .anyMatch(taint -> taint.get("effect").string().equals("NoExecute"))) result.add(node.name());
        return result;
    }

    private static void run(World world, int silent, Duration time) {
        var end = world.now.plus(time);
        while (world.now.isBefore(end)) {
            beat(world, silent);
            world.steps(4);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void silentNodesAreEmptiedOneAfterTheOther(long seed) {
        var world = world(seed, 6);
        run(world, 2, Duration.ofMinutes(15));
        assertThat(evicted(world)).containsExactly("n0", "n1");
        var times = world.all(NODES).stream()
                .flatMap(node -> node.spec().get("taints").stream())
                .filter(taint -> taint.get("effect").string().equals("NoExecute"))
                .map(taint -> Timestamps.parse(taint.get("timeAdded").string()).orElseThrow())
                .sorted()
                .toList();
        assertThat(Duration.between(times.get(0), times.get(1))).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(world.get(NODES, "", "n0").condition("Ready")).isEqualTo("Unknown");
        // They come back: nothing is left of it.
        run(world, 0, Duration.ofMinutes(20));
        assertThat(world.all(NODES))
                .allSatisfy(node -> assertThat(node.spec().get("taints").list()).isEmpty());
    }

    @Test
    void whenMostAreGoneNobodyIsDrivenAway() {
        var world = world(5, 6);
        run(world, 5, Duration.ofMinutes(5));
        // The first may have gone before the others were missed.
        assertThat(evicted(world).size()).isLessThanOrEqualTo(2);
        var all = world(6, 3);
        // All are known, and have been heard.
        run(all, 0, Duration.ofSeconds(30));
        run(all, 3, Duration.ofMinutes(5));
        assertThat(evicted(all).size()).isLessThanOrEqualTo(1);
        assertThat(all.all(NODES))
                .allSatisfy(node -> assertThat(node.spec()
                                .get("taints")
                                .find("key", "node.kubernetes.io/unreachable")
                                .exists())
                        .isTrue());
    }

    @Test
    void aNodeThatFlapsComesToRest() {
        var world = world(7, 4);
        for (int i = 0; i < 60; i++) run(world, i % 2, Duration.ofSeconds(2));
        run(world, 0, Duration.ofMinutes(20));
        assertThat(world.all(NODES)).allSatisfy(node -> {
            assertThat(node.spec().get("taints").list()).isEmpty();
            assertThat(node.condition("Ready")).isEqualTo("True");
        });
    }

    @Test
    void podsOfALostNodeAreUnreadyAndAreToldWhy() {
        var node = Node.of(View.of(Yaml.parse("""
                metadata: {name: n0, creationTimestamp: "2026-01-01T00:00:00Z"}
                status: {conditions: [{type: Ready, status: Unknown, lastTransitionTime: "2026-01-01T00:00:00Z"}]}
                """)));
        var pod = """
                metadata: {name: %s, namespace: ns}
                spec: {nodeName: n0}
                status: {conditions: [{type: Ready, status: "%s", lastTransitionTime: "2026-01-01T00:00:00Z"}]}
                """;
        var pods = Stream.of(pod.formatted("ready", "True"), pod.formatted("waits", "False"))
                .map(text -> Pod.of(View.of(Yaml.parse(text))))
                .toList();
        var now = Instant.parse("2026-01-01T01:00:00Z");
        var actions = new NodeLifecycleController()
                .decide(new NodeLifecycleController.Seen(node, pods, LAST, false, Duration.ofHours(1)), now)
                .actions();
        assertThat(actions)
                .filteredOn(Action.RecordEvent.class::isInstance)
                .map(action -> (Action.RecordEvent) action)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.about().name()).isEqualTo("ready");
                    assertThat(event.type()).isEqualTo(EventType.WARNING);
                    assertThat(event.reason().reason()).isEqualTo("NodeNotReady");
                    assertThat(event.reason().message()).isEqualTo("Node is not ready");
                });
        assertThat(actions)
                .filteredOn(action -> action instanceof Action.Update update && update.type() == Resources.PODS)
                .map(action -> Pod.of(View.of(((Action.Update) action).object())))
                .singleElement()
                .satisfies(written -> {
                    var condition = written.status().conditions().getFirst();
                    assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
                    assertThat(condition.lastTransitionTime()).contains(now);
                });
    }

    /// Whoever sets this machine's clock, or the node's, does not kill the node by it.
    @ParameterizedTest
    @ValueSource(ints = {-30, 400})
    void aClockThatIsSetSilencesNobodyAndHidesNobody(int days) {
        var node = Node.of(View.of(Yaml.parse("""
                metadata: {name: n0, creationTimestamp: "2026-01-01T00:00:00Z"}
                status: {conditions: [{type: Ready, status: "True", lastHeartbeatTime: "2026-01-01T00:00:00Z"}]}
                """)));
        var now = Instant.parse("2026-01-01T00:00:10Z").plus(Duration.ofDays(days));
        var alive = new NodeLifecycleController.Seen(node, List.of(), LAST, false, Duration.ofSeconds(3));
        assertThat(new NodeLifecycleController().decide(alive, now).actions()).isEmpty();
        var silent = new NodeLifecycleController.Seen(node, List.of(), LAST, false, Duration.ofSeconds(51));
        assertThat(new NodeLifecycleController().decide(silent, now).actions()).isNotEmpty();
    }
}
