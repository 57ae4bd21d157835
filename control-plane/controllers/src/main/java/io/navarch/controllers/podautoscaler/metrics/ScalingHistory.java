package io.navarch.controllers.podautoscaler.metrics;

import io.navarch.controllers.podautoscaler.ScalingRules.Change;
import io.navarch.controllers.podautoscaler.ScalingRules.Recommendation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What an autoscaler has asked for and done before. Forgotten with a restart, as in the original.
final class ScalingHistory {
    private static final Duration KEPT = Duration.ofHours(1);

    private final List<Recommendation> recommendations = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    /// The last size that was seen, -1 before the first.
    private long size = -1;

    /// The size as it is now: another than before is a change.
    synchronized void sized(long replicas, Instant now) {
        if (size >= 0 && replicas != size) changes.add(new Change(now, replicas - size));
        size = replicas;
        changes.removeIf(change -> change.at().plus(KEPT).isBefore(now));
        recommendations.removeIf(each -> each.at().plus(KEPT).isBefore(now));
    }

    synchronized void recommended(long replicas, Instant now) {
        recommendations.add(new Recommendation(now, replicas));
    }

    synchronized List<Recommendation> recommendations() {
        return List.copyOf(recommendations);
    }

    synchronized List<Change> changes() {
        return List.copyOf(changes);
    }
}
