package io.navarch.agent.numa;

import java.util.List;
import java.util.Map;

/// What a machine is made of.
///
/// @param nodes by number, upwards
public record MachineTopology(Cpus cpus, List<NumaNode> nodes) {
    /// One of which nothing is known.
    public static final MachineTopology UNKNOWN = new MachineTopology(new Cpus(List.of()), List.of());

    /// Memory that is close to some of the processors.
    ///
    /// @param memory bytes
    /// @param hugePages bytes that are reserved for pages of a size, by the size
    /// @param distances to each node, empty when they are not known
    public record NumaNode(int id, long memory, Map<Long, Long> hugePages, List<Long> distances) {}

    public int sockets() {
        return cpus.parts(Cpu::socket).size();
    }

    /// Nodes that have processors.
    public int nodesWithCpus() {
        return cpus.parts(Cpu::node).size();
    }

    public int cpusPerCore() {
        int cores = cpus.parts(Cpu::core).size();
        return cores == 0 ? 0 : cpus.all().size() / cores;
    }

    public int cpusPerSocket() {
        int sockets = sockets();
        return sockets == 0 ? 0 : cpus.all().size() / sockets;
    }

    public int cpusPerCache() {
        int caches = cpus.parts(Cpu::cache).size();
        return caches == 0 ? 0 : cpus.all().size() / caches;
    }

    /// The numbers of all nodes.
    public List<Integer> nodeIds() {
        return nodes.stream().map(NumaNode::id).toList();
    }
}
