package io.navarch.csi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Where programs on the node ask which resources containers have, as a port.
///
/// Source:
/// https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/#monitoring-device-plugin-resources
public interface ResourceSockets {
    /// @param nodes NUMA nodes that are close to it, none when it does not say
    record Device(String resource, String id, List<Integer> nodes) {}

    /// @param type `memory`, or huge pages of a size
    record Memory(String type, long size, List<Integer> nodes) {}

    /// @param cpus numbers of processors
    record Resources(List<Device> devices, Collection<Integer> cpus, List<Memory> memory) {}

    record ContainerResources(String name, Resources resources) {}

    record PodResources(String name, String namespace, List<ContainerResources> containers) {}

    /// What is told.
    interface Source {
        /// Of all pods that have not ended.
        List<PodResources> pods();

        /// Of one pod, empty when there is none of that name.
        Optional<PodResources> pod(String namespace, String name);

        /// What containers can have, whoever has it.
        Resources allocatable();
    }

    /// Answers at a socket until it is closed.
    Listening listen(Path socket, Source source) throws IOException;
}
