package io.navarch.controllers.replicaset;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Which pods are missed least: unassigned, pending, not ready, cheap by annotation, crowded on their node, ready for
/// the shortest time, often restarted, young.
final class DeletionOrder {
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private static final Comparator<Ranked> ORDER = Comparator.comparing(Ranked::assigned)
            .thenComparingInt(Ranked::phase)
            .thenComparing(Ranked::ready)
            .thenComparingLong(Ranked::cost)
            .thenComparing(Ranked::crowd, Comparator.reverseOrder())
            .thenComparingInt(Ranked::readyFor)
            .thenComparing(Ranked::restarts, Comparator.reverseOrder())
            .thenComparingInt(Ranked::age)
            .thenComparing(ranked -> ranked.pod.uid());

    private DeletionOrder() {}

    /// What is compared of a pod, read once.
    private record Ranked(
            Pod pod,
            boolean assigned,
            int phase,
            boolean ready,
            long cost,
            int crowd,
            int readyFor,
            int restarts,
            int age) {
        static Ranked of(Pod pod, Map<String, Integer> crowds, Instant now) {
            boolean ready = Pods.ready(pod);
            return new Ranked(
                    pod,
                    Pods.assigned(pod),
                    rank(pod.status().phase()),
                    ready,
                    deletionCost(pod),
                    crowds.getOrDefault(pod.spec().nodeName(), 0),
                    ready ? logarithm(Pods.readySince(pod), now) : 0,
                    Pods.restarts(pod),
                    logarithm(pod.created(), now));
        }
    }

    /// @param crowds how many related pods each node has
    static List<Pod> sort(List<Pod> pods, Map<String, Integer> crowds, Instant now) {
        return pods.stream()
                .map(pod -> Ranked.of(pod, crowds, now))
                .sorted(ORDER)
                .map(Ranked::pod)
                .toList();
    }

    private static int rank(PodPhase phase) {
        return switch (phase) {
            case PENDING -> 0;
            case UNKNOWN -> 1;
            default -> 2;
        };
    }

    /// Age by powers of ten: within one power none is preferred, so that not all young pods of one node go.
    private static int logarithm(Instant since, Instant now) {
        long age = Math.max(0, Duration.between(since, now).toNanos());
        return age == 0 ? -1 : (int) Math.log10(age);
    }

    private static long deletionCost(Pod pod) {
        try {
            return Long.parseLong(pod.annotation(COST));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
