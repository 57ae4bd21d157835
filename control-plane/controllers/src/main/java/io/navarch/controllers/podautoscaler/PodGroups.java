package io.navarch.controllers.podautoscaler;

import io.navarch.kinds.pod.Pods;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// Pods whose measurements count, those that are too young, and those that have none.
record PodGroups(long counted, Set<String> unready, Set<String> missing) {
    /// Within this share of the target nothing is changed.
    private static final double TOLERANCE = 0.1;
    /// Until a new pod has been ready this long, its CPU says nothing about the load.
    private static final Duration INITIALISATION = Duration.ofMinutes(5);

    private static final Duration READINESS_DELAY = Duration.ofSeconds(30);

    /// @param measured names of the pods that there are measurements of
    static PodGroups of(List<Pod> pods, Set<String> measured, boolean cpu, Instant now) {
        var unready = new HashSet<String>();
        var missing = new HashSet<String>();
        long counted = 0;
        for (var pod : pods) {
            if (pod.deleting() || Pods.failed(pod)) continue;
            boolean young = cpu && young(pod, now);
            if (young || pod.status().phase() == PodPhase.PENDING) unready.add(pod.name());
            else if (!measured.contains(pod.name())) missing.add(pod.name());
            else counted++;
        }
        return new PodGroups(counted, unready, missing);
    }

    private static boolean young(Pod pod, Instant now) {
        var ready = Pods.condition(pod, PodConditionType.READY);
        if (!ready.exists()) return true;
        if (Pods.ready(pod)) return false;
        var created = pod.created();
        return created.plus(INITIALISATION).isAfter(now)
                || created.plus(READINESS_DELAY).isAfter(Pods.readySince(pod));
    }

    static boolean tolerated(double ratio) {
        return Math.abs(1 - ratio) <= TOLERANCE;
    }

    /// The usual sum, made careful: with what is missing counted, less is changed, and never the other way.
    ///
    /// @param again the ratio with these pods counted too
    long replicas(long size, double ratio, ToDoubleFunction<List<String>> again) {
        boolean rebalance = !unready.isEmpty() && ratio > 1;
        if (missing.isEmpty() && !rebalance) {
            long all = Math.max(1, counted + (ratio < 1 ? unready.size() : 0));
            return tolerated(ratio) ? size : (long) Math.ceil(ratio * all);
        }
        var fill = new ArrayList<>(missing);
        if (rebalance) fill.addAll(unready);
        double careful = again.applyAsDouble(fill);
        boolean turned = ratio < 1 && careful > 1 || ratio > 1 && careful < 1;
        if (turned || tolerated(careful)) return size;
        long replicas = (long) Math.ceil(careful * (counted + fill.size()));
        boolean contrary = careful < 1 && replicas > size || careful > 1 && replicas < size;
        return contrary ? size : replicas;
    }
}
