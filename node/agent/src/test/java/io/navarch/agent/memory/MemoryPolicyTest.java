package io.navarch.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.Machines;
import io.navarch.agent.numa.NodeMask;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPolicyTest {
    private static final String MEMORY = "memory";

    private final Map<String, ReusableMemory> reusable = new HashMap<>();
    /// Of each of two nodes 6 GiB can be promised: 1 GiB is huge pages, and 1 GiB reserved.
    private final MemoryPolicy policy = policy(2, "0:memory=1Gi;1:memory=1Gi", "2Gi");

    private MemoryAssignments now = policy.begin(MemoryAssignments.NONE);

    private static MemoryPolicy policy(int nodes, String reserved, String kept) {
        return MemoryPolicy.of(
                Machines.of(1, nodes, 2, 1), ReservedMemory.parse(reserved), Map.of(MEMORY, Quantity.parse(kept)));
    }

    private static String container(String name, String amounts) {
        return "{name: " + name + ", resources: {requests: {" + amounts + "}}}";
    }

    private static Pod pod(String uid, String spec) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, uid: " + uid + "}, spec: {" + spec + "}}")));
    }

    private static Pod asking(String uid, String memory) {
        return pod(uid, "containers: [" + container("c", "memory: " + memory) + "]");
    }

    private void promise(Pod pod, Hint hint) throws AllocationException {
        for (var spec : pod.spec().initContainers()) now = policy.promise(now, pod, spec, hint, reusable);
        for (var spec : pod.spec().containers()) now = policy.promise(now, pod, spec, hint, reusable);
    }

    private String promised(Pod pod, Hint hint) {
        try {
            promise(pod, hint);
            return now.of(pod.uid(), "c").stream()
                    .map(block -> block.nodes().toString())
                    .distinct()
                    .toList()
                    .toString();
        } catch (AllocationException e) {
            return e.text();
        }
    }

    private static Hint on(Integer... nodes) {
        return Hint.of(NodeMask.of(List.of(nodes)), true);
    }

    private long free(int node) {
        return now.node(node).table(MEMORY).free() >> 30;
    }

    @Test
    void whatIsReservedAndWhatHugePagesTakeIsNobodys() {
        assertThat(policy.allocatable())
                .containsExactly(
                        new Block(List.of(0), "hugepages-2Mi", 1L << 30),
                        new Block(List.of(0), MEMORY, 6L << 30),
                        new Block(List.of(1), "hugepages-2Mi", 1L << 30),
                        new Block(List.of(1), MEMORY, 6L << 30));
    }

    @Test
    void itComesFromTheNodesOfTheHint() {
        assertThat(promised(asking("a", "4Gi"), on(1))).isEqualTo("[[1]]");
        assertThat(free(1)).isEqualTo(2);
        // There is too little left on it, and it may not be grouped with another any more.
        assertThat(promised(asking("b", "3Gi"), on(1)))
                .contains("[memorymanager] failed to find NUMA nodes to extend the current topology hint");
        assertThat(promised(asking("b", "3Gi"), Hint.UNKNOWN)).isEqualTo("[[0]]");
        assertThat(promised(asking("c", "4Gi"), Hint.UNKNOWN))
                .contains("failed to get the default NUMA affinity, no NUMA nodes with enough memory is available");
        now = now.without("a");
        assertThat(free(1)).isEqualTo(6);
    }

    @Test
    void nodesThatPromiseTogetherDoSoForNobodyAlone() {
        assertThat(promised(asking("a", "8Gi"), Hint.UNKNOWN)).isEqualTo("[[0, 1]]");
        assertThat(free(0) + free(1)).isEqualTo(4);
        var spec = asking("b", "1Gi").spec().containers().getFirst();
        assertThat(policy.hints(now, asking("b", "1Gi"), spec, ReusableMemory.NONE))
                .containsExactly(List.of(Hint.of(NodeMask.of(List.of(0, 1)), false)));
        now = now.without("a");
        assertThat(policy.hints(now, asking("b", "1Gi"), spec, ReusableMemory.NONE)
                        .getFirst())
                .containsExactly(on(0), on(1), Hint.of(NodeMask.of(List.of(0, 1)), false));
    }

    @Test
    void hugePagesComeFromTheSameNodes() {
        var pod = pod("a", "containers: [" + container("c", "memory: 1Gi, hugepages-2Mi: 512Mi") + "]");
        assertThat(promised(pod, on(1))).isEqualTo("[[1]]");
        assertThat(now.node(1).table("hugepages-2Mi").free()).isEqualTo(512L << 20);
        assertThat(now.node(1).promises()).isEqualTo(2);
        var more = pod("b", "containers: [" + container("c", "memory: 1Gi, hugepages-2Mi: 1Gi") + "]");
        assertThat(promised(more, Hint.UNKNOWN)).isEqualTo("[[0]]");
    }

    @Test
    void whatInitContainersHadGoesOn() throws AllocationException {
        promise(
                pod(
                        "a",
                        "initContainers: [" + container("i", "memory: 5Gi") + "], containers: ["
                                + container("c", "memory: 2Gi") + "," + container("d", "memory: 1Gi") + "]"),
                on(0));
        assertThat(free(0)).isEqualTo(1);
        assertThat(now.of("a").values().stream()
                        .mapToLong(blocks -> blocks.getFirst().size())
                        .sum())
                .isEqualTo(5L << 30);
        now = now.without("a");
        assertThat(now).isEqualTo(policy.begin(MemoryAssignments.NONE));
    }

    @Test
    void whoHasItAlreadyIsAskedForNothingElse() throws AllocationException {
        var pod = asking("a", "2Gi");
        promise(pod, on(1));
        var before = now;
        promise(pod, Hint.UNKNOWN);
        assertThat(now).isEqualTo(before);
        assertThat(policy.hints(now, pod)).containsExactly(List.of(on(1)));
        assertThat(policy.hints(now, asking("a", "3Gi"))).isEmpty();
    }

    @Test
    void whatAnEarlierAgentPromisedHasToGoWithTheMachine() throws AllocationException {
        promise(asking("a", "2Gi"), on(1));
        assertThat(policy.begin(now)).isEqualTo(now);
        assertThatThrownBy(() -> policy(2, "0:memory=2Gi", "2Gi").begin(now))
                .hasMessage("[memorymanager] the expected machine state is different from the real one");
        assertThatThrownBy(() -> policy(1, "0:memory=2Gi", "2Gi").begin(now))
                .hasMessage("[memorymanager] (pod: a, container: c) the memory assignment uses the NUMA that does not"
                        + " exist");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0:memory=1Gi | the total amount "1Gi" of type "memory" is not equal to the value "2Gi" determined by Node Allocatable feature
            7:memory=2Gi | the reserved memory configuration references a NUMA node 7 that does not exist on this machine
            0:memory=1Gi;0:memory=1Gi | the reserved memory has a duplicate value for NUMA node 0 and resource "memory"
            0:memory=0 | reserved memory may not be zero for NUMA node 0 and resource "memory"
            0:cpu=1 | memory type conversion error, unknown type: "cpu"
            0-memory=1Gi | the reserved memory has incorrect format, expected numaNodeID:type=quantity[,type=quantity...], got 0-memory=1Gi
            a:memory=1Gi | failed to convert the NUMA node ID, expected integer, got a
            0:memory=x | failed to parse the quantity: x
            """)
    void whatIsReservedHasToBeWhatTheNodeKeeps(String reserved, String why) {
        assertThatThrownBy(() -> policy(2, reserved, "2Gi")).hasMessageContaining(why);
    }

    /// Whatever comes and goes: what is promised is taken once, and a node promises either alone or with the same
    /// others.
    @RepeatedTest(60)
    void whatIsPromisedIsTakenOnce(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        int nodes = random.nextInt(1, 5);
        var own = policy(nodes, "0:memory=1Gi", "1Gi");
        var empty = own.begin(MemoryAssignments.NONE);
        now = empty;
        for (int i = 0; i < 40; i++) {
            var uid = "u" + random.nextInt(6);
            if (random.nextInt(3) == 0) {
                now = now.without(uid);
                reusable.remove(uid);
                continue;
            }
            var init = random.nextBoolean() ? container("i", "memory: " + random.nextInt(1, 9) + "Gi") : "";
            var pod = pod(
                    uid,
                    "initContainers: [" + init + "], containers: ["
                            + container("c", "memory: " + random.nextInt(1, 9) + "Gi") + "]");
            var before = now;
            try {
                for (var spec : pod.spec().initContainers()) now = own.promise(now, pod, spec, Hint.UNKNOWN, reusable);
                for (var spec : pod.spec().containers()) now = own.promise(now, pod, spec, Hint.UNKNOWN, reusable);
            } catch (AllocationException e) {
                now = before.without(uid);
                reusable.remove(uid);
            }
            assertThat(own.begin(now)).isEqualTo(now);
            now.nodes().values().forEach(node -> {
                var table = node.table(MEMORY);
                assertThat(table.free()).isNotNegative();
                assertThat(table.free() + table.promised()).isEqualTo(table.allocatable());
                for (int other : node.group())
                    assertThat(new HashSet<>(now.node(other).group())).isEqualTo(new HashSet<>(node.group()));
            });
        }
        for (int i = 0; i < 6; i++) now = now.without("u" + i);
        assertThat(now).isEqualTo(empty);
    }
}
