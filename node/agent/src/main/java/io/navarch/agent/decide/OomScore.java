package io.navarch.agent.decide;

import io.navarch.kinds.pod.PodResources;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import java.util.Collection;

/// Whom the kernel kills first when memory runs out: those that asked for least of it.
///
/// Source: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#node-out-of-memory-behavior
final class OomScore {
    private static final int LAST = -997;
    private static final int FIRST = 1000;
    private static final String NODE_CRITICAL = "system-node-critical";

    private OomScore() {}

    /// What is added to the share of memory that each process of a container takes, in thousandths.
    ///
    /// @param nodeMemory bytes
    static long of(Pod pod, Container spec, long nodeMemory) {
        if (pod.spec().priorityClassName().equals(NODE_CRITICAL) && PodAdmission.critical(pod)) return LAST;
        return switch (pod.status().qosClass()) {
            case GUARANTEED -> LAST;
            case BEST_EFFORT -> FIRST;
            default -> {
                long rest = undivided(pod);
                long score = score(request(spec) + rest, nodeMemory);
                // Who serves others does not go before them.
                if (sidecar(pod, spec))
                    score = Math.min(score, score(least(pod.spec().containers()) + rest, nodeMemory));
                yield Math.clamp(score, FIRST + LAST, FIRST - 1);
            }
        };
    }

    private static boolean sidecar(Pod pod, Container spec) {
        return Pods.sidecar(spec)
                && pod.spec().initContainers().stream()
                        .anyMatch(init -> init.name().equals(spec.name()));
    }

    private static long score(long request, long nodeMemory) {
        return FIRST - FIRST * request / Math.max(1, nodeMemory);
    }

    private static long request(Container spec) {
        return spec.resources()
                .requests()
                .getOrDefault(ResourceNames.MEMORY, Quantity.ZERO)
                .units();
    }

    private static long least(Collection<Container> containers) {
        return containers.stream().mapToLong(OomScore::request).min().orElse(0);
    }

    /// What the pod as a whole asks for beyond its containers is for all of them alike.
    private static long undivided(Pod pod) {
        if (pod.spec().resources().requests().isEmpty()) return 0;
        var lasting = PodCgroup.lasting(pod);
        long whole = PodResources.requests(pod.spec())
                .getOrDefault(ResourceNames.MEMORY, Quantity.ZERO)
                .units();
        long divided = lasting.stream().mapToLong(OomScore::request).sum();
        return Math.max(0, whole - divided) / Math.max(1, lasting.size());
    }
}
