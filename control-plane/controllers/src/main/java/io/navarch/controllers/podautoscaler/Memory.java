package io.navarch.controllers.podautoscaler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What an autoscaler has asked for and done before. Forgotten with a restart, as in the original.
final class Memory {
    private static final Duration KEPT = Duration.ofHours(1);

    private final List<ScalingRules.Recommendation> recommendations = new ArrayList<>();
    private final List<ScalingRules.Change> changes = new ArrayList<>();
    private long size = -1;

    /// The size as it is now: another than before is a change.
    synchronized void size(long replicas, Instant now) {
        if (size >= 0 && replicas != size) changes.add(new ScalingRules.Change(now, replicas - size));
        size = replicas;
        changes.removeIf(change -> change.at().plus(KEPT).isBefore(now));
        recommendations.removeIf(each -> each.at().plus(KEPT).isBefore(now));
    }

    synchronized void recommended(long replicas, Instant now) {
        recommendations.add(new ScalingRules.Recommendation(now, replicas));
    }

    synchronized List<ScalingRules.Recommendation> recommendations() {
        return List.copyOf(recommendations);
    }

    synchronized List<ScalingRules.Change> changes() {
        return List.copyOf(changes);
    }
}
