package io.navarch.controllers.podautoscaler;

import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the controller sees of an autoscaler.
///
/// @param autoscaler absent when it is gone
/// @param pods of its namespace
public record AutoscalerState(ObjectKey key, HorizontalPodAutoscaler autoscaler, List<Pod> pods, Readings readings) {
    boolean gone() {
        return !autoscaler.exists() || autoscaler.deleting();
    }

    /// What a read step adds.
    ///
    /// @param target empty when its size could not be read
    /// @param metrics what each metric asks for, in the order of the spec; empty where it could not be read
    /// @param stuck why there is no size to go for, empty when there is one
    public record Readings(
            Optional<ScaleTarget> target,
            List<Optional<Proposal>> metrics,
            List<Failure> failures,
            Optional<String> stuck,
            List<Computation> computations,
            List<ScalingRules.Recommendation> recommendations,
            List<ScalingRules.Change> changes) {
        public static final Readings NONE =
                new Readings(Optional.empty(), List.of(), List.of(), Optional.empty(), List.of(), List.of(), List.of());

        /// Of the metrics that could be read the one that asks for most.
        public static Optional<Proposal> largest(List<Optional<Proposal>> metrics) {
            return metrics.stream().flatMap(Optional::stream).max(Comparator.comparingLong(Proposal::replicas));
        }
    }

    /// What could not be read, and the condition that says so.
    ///
    /// @param event as the event says it
    /// @param first as it is told of all metrics together, when this one is the first to fail
    public record Failure(String condition, Reason reason, Reason event, String first) {}

    /// A metric that was asked for.
    ///
    /// @param type as the autoscaler's spec has it
    /// @param wanted the size that it asks for, empty when it could not be read
    public record Computation(String type, Optional<Long> wanted, Duration took) {}

    public AutoscalerState with(Readings read) {
        return new AutoscalerState(key, autoscaler, pods, read);
    }
}
