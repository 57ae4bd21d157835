package io.navarch.agent.decide;

import io.navarch.agent.cpus.CpuOptions;
import io.navarch.agent.memory.ReservedMemory;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.TopologyOptions;
import java.util.List;

/// What of the machine containers have for themselves, and how close together it has to be.
public record PlacementConfig(Cpus cpus, Memory memory, TopologyOptions topology) {
    public static final PlacementConfig NONE = new PlacementConfig(
            new Cpus(false, CpuOptions.NONE, CpuSet.EMPTY), new Memory(false, List.of()), TopologyOptions.NONE);

    /// @param exclusive whether containers can have processors for themselves
    /// @param reserved those that are not for that, empty for any
    public record Cpus(boolean exclusive, CpuOptions options, CpuSet reserved) {}

    /// @param pinned whether containers are promised memory of single NUMA nodes
    /// @param reserved that is not for that
    public record Memory(boolean pinned, List<ReservedMemory> reserved) {}
}
