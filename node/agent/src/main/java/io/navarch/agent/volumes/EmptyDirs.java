package io.navarch.agent.volumes;

import io.navarch.kinds.pod.PodResources;
import io.navarch.model.EmptyDirVolumeSource;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;

/// How large volumes may become that begin empty.
final class EmptyDirs {
    private static final String MEMORY = "memory";

    private EmptyDirs() {}

    /// The bytes that one in memory may hold: what the node has for pods, the pod's own limit, or the volume's,
    /// whichever is least. Without this the kernel gives each half of the machine.
    static long memory(Pod pod, EmptyDirVolumeSource source, long allocatable) {
        boolean limited = pod.spec().containers().stream()
                .allMatch(spec -> spec.resources().limits().containsKey(MEMORY));
        long ofPod = limited
                ? PodResources.limits(pod.spec())
                        .getOrDefault(MEMORY, Quantity.ZERO)
                        .units()
                : 0;
        return less(source.hasSizeLimit() ? source.sizeLimit().units() : 0, less(ofPod, allocatable));
    }

    /// Zero is no limit.
    private static long less(long wanted, long otherwise) {
        return wanted > 0 && (otherwise <= 0 || wanted < otherwise) ? wanted : otherwise;
    }
}
