package io.navarch.agent.numa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFilesTest {
    @TempDir
    Path system;

    private void file(String name, String text) throws IOException {
        var file = system.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    private void cpu(int id, int socket, int core, int cache, String sharing) throws IOException {
        file("cpu/cpu" + id + "/topology/physical_package_id", String.valueOf(socket));
        file("cpu/cpu" + id + "/topology/core_id", String.valueOf(core));
        file("cpu/cpu" + id + "/cache/index3/level", "3");
        file("cpu/cpu" + id + "/cache/index3/id", String.valueOf(cache));
        file("cpu/cpu" + id + "/cache/index3/shared_cpu_list", sharing);
    }

    @Test
    void nodesCoresAndCachesAreFound() throws IOException {
        file("cpu/online", "0-4,6-7");
        for (int node = 0; node < 2; node++) {
            file("node/node" + node + "/cpulist", node == 0 ? "0-1,4-5" : "2-3,6-7");
            file("node/node" + node + "/meminfo", "Node " + node + " MemTotal:       1000 kB\nNode 0 MemFree: 7 kB");
            file("node/node" + node + "/distance", node == 0 ? "10 21" : "21 10");
            file("node/node" + node + "/hugepages/hugepages-2048kB/nr_hugepages", String.valueOf(node * 3));
        }
        // Of each socket the same core numbers; those of node 0 share a cache by two, those of node 1 all share one.
        cpu(0, 0, 0, 0, "0,4");
        cpu(1, 0, 1, 1, "1,5");
        cpu(2, 1, 0, 2, "2-3,6-7");
        cpu(3, 1, 1, 2, "2-3,6-7");
        cpu(4, 0, 0, 0, "0,4");
        cpu(6, 1, 0, 2, "2-3,6-7");
        cpu(7, 1, 1, 2, "2-3,6-7");
        var machine = new MachineFiles(system, 0).read();
        assertThat(machine.cpus().all())
                .containsExactly(
                        new Cpu(0, 0, 0, 0, 0),
                        new Cpu(1, 1, 0, 0, 1),
                        new Cpu(4, 0, 0, 0, 0),
                        new Cpu(2, 2, 1, 1, 1),
                        new Cpu(3, 3, 1, 1, 1),
                        new Cpu(6, 2, 1, 1, 1),
                        new Cpu(7, 3, 1, 1, 1));
        assertThat(machine.nodes())
                .containsExactly(
                        new MachineTopology.NumaNode(0, 1_024_000, Map.of(2L << 20, 0L), List.of(10L, 21L)),
                        new MachineTopology.NumaNode(1, 1_024_000, Map.of(2L << 20, 6L << 20), List.of(21L, 10L)));
    }

    @Test
    void aKernelThatTellsOfNoNodesHasOne() throws IOException {
        file("cpu/online", "0-1");
        var machine = new MachineFiles(system, 77).read();
        assertThat(machine.cpus().all()).containsExactly(new Cpu(0, 0, 0, 0, 0), new Cpu(1, 1, 0, 0, 0));
        assertThat(machine.nodes()).containsExactly(new MachineTopology.NumaNode(0, 77, Map.of(), List.of()));
    }

    @Test
    void thisMachineIsReadToo() {
        var machine = new MachineFiles(Path.of("/sys/devices/system"), 1).read();
        assertThat(machine.cpus().all()).isNotEmpty();
        assertThat(machine.nodes()).isNotEmpty();
        assertThat(machine.nodeIds()).containsAll(machine.cpus().parts(Cpu::node));
    }
}
