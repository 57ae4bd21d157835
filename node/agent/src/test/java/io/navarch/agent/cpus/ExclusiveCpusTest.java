package io.navarch.agent.cpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.Machines;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExclusiveCpusTest {
    @TempDir
    Path directory;

    private ExclusiveCpus start() throws IOException {
        return new ExclusiveCpus(
                CpuPolicy.of(Machines.of(1, 1, 4, 1), CpuOptions.NONE, Quantity.parse("1"), CpuSet.EMPTY), directory);
    }

    private String state() throws IOException {
        return Files.readString(directory.resolve("cpu_manager_state"));
    }

    private void state(String text) throws IOException {
        Files.writeString(directory.resolve("cpu_manager_state"), text);
    }

    private static Pod pod(String uid, String spec) {
        return Pod.of(View.of(Yaml.parse(
                "{metadata: {name: p, uid: " + uid + "}, status: {qosClass: Guaranteed}, spec: {" + spec + "}}")));
    }

    private static String container(String name, int cpus) {
        return "{name: " + name + ", resources: {requests: {cpu: " + cpus + "}, limits: {cpu: " + cpus + "}}}";
    }

    private static void allocate(ExclusiveCpus cpus, Pod pod) throws AllocationException {
        for (var spec : pod.spec().initContainers()) cpus.allocate(pod, spec, Hint.UNKNOWN);
        for (var spec : pod.spec().containers()) cpus.allocate(pod, spec, Hint.UNKNOWN);
    }

    /// Sums are those of files that the original has written.
    @Test
    void filesOfTheKubeletAreReadAndWritten() throws IOException {
        ExclusiveCpus.none(directory);
        assertThat(state()).contains("\"defaultCpuSet\":\"\"").contains("\"checksum\":1353318690");
        state("{\"policyName\":\"none\",\"defaultCpuSet\":\"1-3\",\"entries\":{\"pod\":{\"container1\":\"4-6\","
                + "\"container2\":\"1-3\"}},\"checksum\":3610638499}");
        assertThat(new CpuStateFile(directory, "none")
                        .read()
                        .of("pod", "container1")
                        .orElseThrow())
                .hasToString("4-6");
        assertThatThrownBy(this::start)
                .hasMessage("could not restore state from checkpoint: configured policy \"static\" differs from state"
                        + " checkpoint policy \"none\", please drain this node and delete the CPU manager checkpoint"
                        + " file \"" + directory.resolve("cpu_manager_state") + "\" before restarting Kubelet");
    }

    @Test
    void whatIsNotWhatWasWrittenIsRefused() throws IOException {
        var ignored = start();
        state(state().replace("0-3", "0-2"));
        assertThatThrownBy(this::start).hasMessageContaining("checkpoint is corrupted");
        state("{");
        assertThatThrownBy(this::start).hasMessageContaining("could not restore state from checkpoint");
    }

    @Test
    void theNextAgentKnowsWhoseTheyAre() throws IOException, AllocationException {
        var first = start();
        allocate(first, pod("a", "containers: [" + container("c", 2) + "]"));
        assertThat(first.of("a", "c")).hasToString("1-2");
        assertThat(first.of("b", "c")).hasToString("0,3");
        var second = start();
        assertThat(second.exclusive("a", "c")).hasToString("1-2");
        allocate(second, pod("a", "containers: [" + container("c", 2) + "]"));
        assertThat(second.exclusive("a")).hasToString("1-2");
        second.keep(Set.of("b"));
        assertThat(start().of("b", "c")).hasToString("0-3");
    }

    @Test
    void whatInitContainersHadGoesOn() throws IOException, AllocationException {
        var cpus = start();
        allocate(
                cpus,
                pod(
                        "a",
                        "initContainers: [" + container("i", 3) + "], containers: [" + container("c", 2) + ","
                                + container("d", 1) + "]"));
        assertThat(cpus.exclusive("a")).hasToString("1-3");
        assertThat(cpus.exclusive("a", "c").both(cpus.exclusive("a", "d"))).isEqualTo(CpuSet.EMPTY);
        cpus.release("a");
        assertThat(cpus.of("b", "c")).hasToString("0-3");
    }

    @Test
    void whatCannotBeWrittenDownIsNotGiven() throws IOException, AllocationException {
        var cpus = start();
        Files.delete(directory.resolve("cpu_manager_state"));
        Files.createDirectory(directory.resolve("cpu_manager_state"));
        assertThatThrownBy(() -> allocate(cpus, pod("a", "containers: [" + container("c", 1) + "]")))
                .hasMessageContaining("could not save checkpoint");
        assertThat(cpus.exclusive("a")).isEqualTo(CpuSet.EMPTY);
    }
}
