package io.navarch.agent.eviction;

import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.stats.NodeUsage.PodUsage;
import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// Who goes first: those who take more than they asked for, then those of the lowest priority, then those who take most
/// beyond what they asked for. Who takes processes did not ask for any.
///
/// Source:
/// https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction
///
/// @param usage by the pod's uid
/// @param separateImages whether images, and what containers write, are on a file system of their own
public record EvictionOrder(Map<String, PodUsage> usage, boolean separateImages) {
    public List<Pod> of(Signal signal, Collection<Pod> pods) {
        return pods.stream().sorted(by(signal)).toList();
    }

    private Comparator<Pod> by(Signal signal) {
        return switch (signal) {
            case MEMORY_AVAILABLE, ALLOCATABLE_MEMORY_AVAILABLE -> greedy(ResourceNames.MEMORY, EvictionOrder::memory);
            case PID_AVAILABLE -> priority().thenComparing(most(EvictionOrder::processes, pod -> 0));
            case NODEFS_AVAILABLE, IMAGEFS_AVAILABLE, CONTAINERFS_AVAILABLE -> {
                var parts = parts(signal);
                yield greedy(
                        ResourceNames.EPHEMERAL_STORAGE, pod -> parts.of(pod).bytes());
            }
            case NODEFS_INODES_FREE, IMAGEFS_INODES_FREE, CONTAINERFS_INODES_FREE -> {
                var parts = parts(signal);
                // Nobody can ask for inodes; what was asked for of the disk is weighed against them all the same.
                yield exceeding(pod -> parts.of(pod).inodes(), pod -> 0)
                        .thenComparing(priority())
                        .thenComparing(most(
                                pod -> parts.of(pod).inodes(), pod -> request(pod, ResourceNames.EPHEMERAL_STORAGE)));
            }
        };
    }

    private DiskParts parts(Signal signal) {
        if (!separateImages) return new DiskParts(true, true);
        boolean node = signal == Signal.NODEFS_AVAILABLE || signal == Signal.NODEFS_INODES_FREE;
        return new DiskParts(!node, node);
    }

    private Comparator<Pod> greedy(String resource, ToLongFunction<PodUsage> taken) {
        ToLongFunction<Pod> asked = pod -> request(pod, resource);
        return exceeding(taken, asked).thenComparing(priority()).thenComparing(most(taken, asked));
    }

    /// Those of whom nothing is known come before all others.
    private Comparator<Pod> exceeding(ToLongFunction<PodUsage> taken, ToLongFunction<Pod> asked) {
        return Comparator.comparingInt(
                pod -> of(pod).map(used -> taken.applyAsLong(used) > asked.applyAsLong(pod) ? 1 : 2)
                        .orElse(0));
    }

    private static Comparator<Pod> priority() {
        return Comparator.comparingLong(pod -> pod.spec().priority());
    }

    private Comparator<Pod> most(ToLongFunction<PodUsage> taken, ToLongFunction<Pod> asked) {
        return Comparator.<Pod>comparingLong(
                        pod -> of(pod).map(used -> taken.applyAsLong(used) - asked.applyAsLong(pod))
                                .orElse(Long.MAX_VALUE))
                .reversed();
    }

    private Optional<PodUsage> of(Pod pod) {
        return Optional.ofNullable(usage.get(pod.uid()));
    }

    private static long request(Pod pod, String resource) {
        return PodResources.requests(pod.spec())
                .getOrDefault(resource, Quantity.ZERO)
                .units();
    }

    private static long memory(PodUsage pod) {
        return pod.group().map(group -> group.usage().memory().workingSet()).orElse(0L);
    }

    private static long processes(PodUsage pod) {
        return pod.group().map(group -> group.usage().processes()).orElse(0L);
    }
}
