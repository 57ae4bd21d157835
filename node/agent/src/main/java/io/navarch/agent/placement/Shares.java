package io.navarch.agent.placement;

import io.navarch.agent.cpus.CpuPolicy;
import io.navarch.agent.cpus.ExclusiveCpus;
import io.navarch.agent.decide.PlacementConfig;
import io.navarch.agent.memory.MemoryPolicy;
import io.navarch.agent.memory.PinnedMemory;
import io.navarch.agent.numa.MachineTopology;
import io.navarch.agent.numa.TopologyOptions;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.objects.Quantity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What of a machine single containers have, apart from devices.
///
/// @param cpus where containers can have processors for themselves
/// @param memory where they are promised memory of single NUMA nodes
public record Shares(
        TopologyOptions options, MachineTopology machine, Optional<ExclusiveCpus> cpus, Optional<PinnedMemory> memory) {
    private static final Logger LOG = LoggerFactory.getLogger(Shares.class);

    public static final Shares NONE =
            new Shares(TopologyOptions.NONE, MachineTopology.UNKNOWN, Optional.empty(), Optional.empty());

    private interface Note {
        void write() throws IOException;
    }

    /// That nobody has anything of his own matters only to an agent that is told otherwise later: on a full disk there
    /// is more to do than to write it down.
    private static void note(Note nothing) {
        try {
            nothing.write();
        } catch (IOException e) {
            LOG.warn(
                    "no container has processors or memory of its own, which cannot be written down: {}", e.toString());
        }
    }

    /// @param kept what the node keeps from pods, by resource
    /// @param directory where it is written down whose is what
    /// @throws IllegalArgumentException in the kubelet's words, when what is wanted cannot be on this machine, or
    /// does not go with what an earlier agent has given
    /// @throws IOException when it cannot be written down
    public static Shares of(PlacementConfig config, MachineTopology machine, Map<String, Quantity> kept, Path directory)
            throws IOException {
        var options = config.topology().on(machine);
        var cpus = Optional.<ExclusiveCpus>empty();
        if (config.cpus().exclusive()) {
            var amount = kept.getOrDefault(ResourceNames.CPU, Quantity.ZERO);
            var policy = CpuPolicy.of(
                    machine, config.cpus().options(), amount, config.cpus().reserved());
            cpus = Optional.of(new ExclusiveCpus(policy, directory));
        } else {
            note(() -> ExclusiveCpus.none(directory));
        }
        var memory = Optional.<PinnedMemory>empty();
        if (config.memory().pinned()) {
            var policy = MemoryPolicy.of(machine, config.memory().reserved(), kept);
            memory = Optional.of(new PinnedMemory(policy, CpuPolicy::pins, directory));
        } else {
            note(() -> PinnedMemory.none(directory));
        }
        return new Shares(options, machine, cpus, memory);
    }
}
