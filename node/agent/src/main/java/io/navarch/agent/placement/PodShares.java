package io.navarch.agent.placement;

import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.cpus.ExclusiveCpus;
import io.navarch.agent.memory.Block;
import io.navarch.agent.memory.PinnedMemory;
import io.navarch.csi.ResourceSockets.ContainerResources;
import io.navarch.csi.ResourceSockets.Device;
import io.navarch.csi.ResourceSockets.Memory;
import io.navarch.csi.ResourceSockets.PodResources;
import io.navarch.csi.ResourceSockets.Resources;
import io.navarch.csi.ResourceSockets.Source;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// Which devices, processors and memory single containers have, for programs that ask at the node's socket.
///
/// @param active those pods that have not ended
/// @param named a pod, absent when there is none
public record PodShares(
        Supplier<Collection<Pod>> active, Function<ObjectKey, Pod> named, NodeDevices devices, Shares shares)
        implements Source {
    @Override
    public List<PodResources> pods() {
        return active.get().stream().map(this::told).toList();
    }

    @Override
    public Optional<PodResources> pod(String namespace, String name) {
        var pod = named.apply(new ObjectKey(namespace, name));
        return pod.exists() ? Optional.of(told(pod)) : Optional.empty();
    }

    /// Init containers that end are not told of: others have what they had.
    private PodResources told(Pod pod) {
        var containers = new ArrayList<ContainerResources>();
        for (var spec : pod.spec().initContainers()) if (Pods.sidecar(spec)) containers.add(told(pod, spec));
        for (var spec : pod.spec().containers()) containers.add(told(pod, spec));
        return new PodResources(pod.name(), pod.namespace(), containers);
    }

    private ContainerResources told(Pod pod, Container spec) {
        var uid = pod.uid();
        var name = spec.name();
        var cpus = shares.cpus().map(each -> each.exclusive(uid, name).ids());
        var memory = shares.memory().map(each -> each.of(uid, name));
        return new ContainerResources(
                name,
                new Resources(
                        devices(devices.held(uid, name)),
                        cpus.<Collection<Integer>>map(ids -> ids).orElse(Set.of()),
                        memory(memory.orElse(List.of()))));
    }

    @Override
    public Resources allocatable() {
        var cpus = shares.cpus().map(ExclusiveCpus::allocatable);
        return new Resources(
                devices(devices.allocatable()),
                cpus.<Collection<Integer>>map(set -> set.ids()).orElse(Set.of()),
                memory(shares.memory().map(PinnedMemory::allocatable).orElse(List.of())));
    }

    private static List<Device> devices(List<NodeDevices.Held> held) {
        return held.stream()
                .map(each -> new Device(each.resource(), each.id(), each.nodes()))
                .toList();
    }

    private static List<Memory> memory(List<Block> blocks) {
        return blocks.stream()
                .map(block -> new Memory(block.type(), block.size(), block.nodes()))
                .toList();
    }
}
