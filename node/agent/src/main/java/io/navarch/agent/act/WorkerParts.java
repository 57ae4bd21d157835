package io.navarch.agent.act;

import io.navarch.agent.cgroups.PodCgroups;
import io.navarch.agent.decide.PodAdmission;
import io.navarch.agent.decide.Pressure;
import io.navarch.agent.measure.AgentMetrics;
import io.navarch.agent.volumes.PodFiles;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Timers;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What the workers of a node share.
///
/// @param lookup a pod as the cache has it
/// @param released hears the uid of each pod of which nothing is left
/// @param pressures what the node is short of
/// @param shutdown of the machine
/// @param node the agent's own
public record WorkerParts(
        Lookup lookup,
        Consumer<String> released,
        PodAdmission admission,
        Supplier<Set<Pressure>> pressures,
        NodeShutdown shutdown,
        NodeView node,
        RuntimeCache cache,
        ContainerStart start,
        ContainerStop stop,
        PodReporter reporter,
        PodFiles files,
        PodCgroups cgroups,
        Images images,
        Allocations allocations,
        Placement placement,
        PodEvents events,
        Probes.Factory probes,
        ProbeCounts probeCounts,
        PodTasks tasks,
        Timers timers,
        InstantSource clock,
        AgentMetrics metrics) {
    /// Finds pods that are known.
    public interface Lookup {
        /// The pod, or another one of its name, or an absent one.
        Pod find(ObjectKey key, String uid);
    }

    /// A pod takes nothing of the node any more: it has ended, or is gone.
    void takesNothing(String uid) {
        allocations.release(uid);
        placement.release(uid);
    }
}
