package io.navarch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.HashMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterStateTest {
    private static final Node NO_NODE = Node.ABSENT;

    private static Node node(String name) {
        return Node.builder()
                .metadata(metadata -> metadata.name(name))
                .status(status -> status.putAllocatable("cpu", Quantity.parse("8")))
                .build();
    }

    private static Pod pod(String name, String uid, String node, int cpu, int port) {
        return Pod.builder()
                .metadata(metadata -> metadata.name(name).namespace("ns").uid(uid))
                .spec(spec -> spec.nodeName(node)
                        .addContainers(container -> container
                                .name("c")
                                .resources(
                                        resources -> resources.putRequests("cpu", Quantity.parse(String.valueOf(cpu))))
                                .addPorts(it -> it.containerPort(80).hostPort(port))))
                .status(status -> status.phase(PodPhase.RUNNING))
                .build();
    }

    /// A node's report costs the same with few pods on it and with many: what they take is not counted anew.
    @Test
    void aHeartbeatLeavesWhatIsTakenAsItIs() {
        var state = new ClusterState();
        state.node(NO_NODE, node("n"));
        state.place(pod("p", "u", "n", 2, 80));
        var before = state.nodes().iterator().next();
        var pods = before.pods();
        var now = node("n").toBuilder()
                .status(status -> status.putAllocatable("cpu", Quantity.parse("16")))
                .build();
        state.node(before.node(), now);
        assertThat(state.nodes()).containsExactly(before);
        assertThat(before.pods()).isSameAs(pods);
        assertThat(before.node()).isEqualTo(now);
        assertThat(before.allocatable("cpu")).isEqualTo(16_000);
        assertThat(before.requested("cpu")).isEqualTo(2000);
    }

    private static Pod resized(String has) {
        return Pod.of(
                View.of(Yaml.parse("{metadata: {name: p, namespace: ns, uid: u, generation: 2}, spec: {nodeName: 'n',"
                        + " containers: [{name: c, resources: {requests: {cpu: 1}}}]}, status: {containerStatuses: [{name: c,"
                        + " allocatedResources: {cpu: " + has + "}, resources: {requests: {cpu: " + has + "}}}]}}")));
    }

    /// That is told by the status alone.
    @Test
    void whatANodeHasTakenBackFromAPodIsFree() {
        var state = new ClusterState();
        state.node(NO_NODE, node("n"));
        var node = state.nodes().iterator().next();
        assertThat(state.place(resized("4"))).isFalse();
        assertThat(node.requested("cpu")).isEqualTo(4000);
        assertThat(state.place(resized("1"))).isTrue();
        assertThat(node.requested("cpu")).isEqualTo(1000);
        assertThat(state.place(resized("1"))).isFalse();
        assertThat(state.place(resized("2"))).isFalse();
        assertThat(node.requested("cpu")).isEqualTo(2000);
    }

    /// Whatever comes and goes, in whatever order: what nodes have left is what a count of all pods would say.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsTakenIsTheSumOfWhatIsThere(long seed) {
        var random = new Random(seed);
        var state = new ClusterState();
        var nodes = new HashMap<String, Node>();
        var pods = new HashMap<String, Pod>();
        for (int i = 0; i < 5000; i++) {
            var node = "n" + random.nextInt(4);
            var name = "p" + random.nextInt(12);
            switch (random.nextInt(8)) {
                case 0 -> {
                    state.node(nodes.getOrDefault(node, NO_NODE), node(node));
                    nodes.put(node, node(node));
                }
                case 1 -> {
                    if (nodes.containsKey(node)) state.node(nodes.remove(node), NO_NODE);
                }
                case 2 -> {
                    state.remove(pod(name, "", "", 1, 1).key());
                    pods.remove(name);
                }
                case 3 -> {
                    if (!pods.containsKey(name)) {
                        state.assume(pod(name, "u" + i, "", 1, 1), node);
                        state.forget(pod(name, "", "", 1, 1).key());
                    }
                }
                default -> {
                    var old = pods.get(name);
                    boolean same = old != null && random.nextBoolean();
                    var now = same ? old : pod(name, "u" + i, node, 1 + random.nextInt(3), 1 + random.nextInt(5));
                    state.place(now);
                    pods.put(name, now);
                }
            }
            var taken = new TreeMap<String, Long>();
            for (var pod : pods.values()) {
                if (nodes.containsKey(pod.spec().nodeName()))
                    taken.merge(
                            pod.spec().nodeName(), PodInfo.of(pod).requests().get("cpu"), Long::sum);
            }
            for (var each : state.nodes()) {
                assertThat(each.requested("cpu"))
                        .as("step %d, seed %d", i, seed)
                        .isEqualTo(taken.getOrDefault(each.name(), 0L));
                for (var info : each.pods().values())
                    assertThat(each.hostPorts()).containsAll(info.hostPorts());
                assertThat(each.hostPorts().size())
                        .isLessThanOrEqualTo(each.pods().size());
            }
            assertThat(state.nodes()).hasSameSizeAs(nodes.values());
        }
    }

    /// A pod that is being bound takes room until its binding fails; once it has been seen on its node, it stays.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAssumedPodIsForgottenUnlessItWasSeen(boolean seen) {
        var state = new ClusterState();
        state.node(NO_NODE, node("n"));
        var pod = pod("p", "u", "", 2, 80);
        state.assume(pod, "n");
        state.waiting(pod, pod);
        assertThat(state.nodes().iterator().next().requested("cpu")).isEqualTo(2000);
        if (seen) state.place(pod("p", "u", "n", 2, 80));
        state.forget(pod.key());
        assertThat(state.nodes().iterator().next().requested("cpu")).isEqualTo(seen ? 2000 : 0);
    }
}
