package io.navarch.agent.numa;

import io.navarch.agent.numa.MachineTopology.NumaNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Machines that are made up.
public final class Machines {
    private Machines() {}

    /// Numbered as usual: first one thread of each core, then the others.
    ///
    /// @param nodes of each socket
    /// @param cores of each node
    /// @param threads of each core
    public static MachineTopology of(int sockets, int nodes, int cores, int threads) {
        var cpus = new ArrayList<Cpu>();
        int allCores = sockets * nodes * cores;
        for (int id = 0; id < allCores * threads; id++) {
            int core = id % allCores;
            int node = core / cores;
            int socket = node / nodes;
            // Two caches in each node that has so many cores.
            int cache = node * 2 + (core % cores) * 2 / cores;
            cpus.add(new Cpu(id, core, socket, node, cache));
        }
        var all = new ArrayList<NumaNode>();
        for (int node = 0; node < sockets * nodes; node++) {
            var distances = new ArrayList<Long>();
            for (int to = 0; to < sockets * nodes; to++)
                distances.add(node == to ? 10L : node / nodes == to / nodes ? 12L : 32L);
            all.add(new NumaNode(node, 8L << 30, Map.of(2L << 20, 1L << 30), List.copyOf(distances)));
        }
        return new MachineTopology(new Cpus(List.copyOf(cpus)), List.copyOf(all));
    }

    public static MachineTopology any(RandomGenerator random) {
        return of(random.nextInt(1, 3), random.nextInt(1, 3), random.nextInt(1, 5), random.nextInt(1, 3));
    }
}
