package io.navarch.agent.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.Machines;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedMemoryTest {
    @TempDir
    Path directory;

    private PinnedMemory start() throws IOException {
        var policy = MemoryPolicy.of(
                Machines.of(1, 2, 1, 1), ReservedMemory.parse("0:memory=1Gi"), Map.of("memory", Quantity.parse("1Gi")));
        return new PinnedMemory(policy, pod -> !pod.name().equals("other"), directory);
    }

    private static Pod pod(String name) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: " + name + ", uid: " + name
                + "}, spec: {containers: [{name: c, resources: {requests: {memory: 1Gi}}}]}}")));
    }

    private static void allocate(PinnedMemory memory, Pod pod) throws AllocationException {
        memory.allocate(pod, pod.spec().containers().getFirst(), Hint.UNKNOWN);
    }

    /// The sum is that of a file that the original has written.
    @Test
    void filesOfTheKubeletAreRead() throws IOException {
        Files.writeString(
                directory.resolve("memory_manager_state"),
                "{\"policyName\":\"static\",\"machineState\":{\"0\":{\"numberOfAssignments\":0,\"memoryMap\":{\"memory\":"
                        + "{\"total\":2048,\"systemReserved\":512,\"allocatable\":1536,\"reserved\":512,\"free\":1024}},"
                        + "\"cells\":[]}},\"entries\":{\"pod\":{\"container1\":[{\"numaAffinity\":[0],\"type\":\"memory\","
                        + "\"size\":512}]}},\"checksum\":4215593881}");
        var read = new MemoryStateFile(directory, "static").read();
        assertThat(read.of("pod", "container1").getFirst().size()).isEqualTo(512);
        assertThat(read.node(0).table("memory").free()).isEqualTo(1024);
        assertThatThrownBy(this::start)
                .hasMessageContaining("configured policy \"Static\" differs from state checkpoint policy \"static\"");
    }

    @Test
    void theNextAgentKnowsWhoseItIs() throws IOException, AllocationException {
        var first = start();
        allocate(first, pod("a"));
        allocate(first, pod("other"));
        assertThat(first.nodes("a", "c")).containsExactly(0);
        assertThat(first.nodes("other", "c")).isEmpty();
        var second = start();
        assertThat(second.nodes("a", "c")).containsExactly(0);
        second.keep(Set.of());
        assertThat(start().nodes("a", "c")).isEmpty();
    }

    @Test
    void anotherPolicyIsNoticed() throws IOException {
        PinnedMemory.none(directory);
        PinnedMemory.none(directory);
        assertThatThrownBy(this::start)
                .hasMessageContaining("configured policy \"Static\" differs from state checkpoint policy \"None\"")
                .hasMessageContaining("memory_manager_state");
    }
}
