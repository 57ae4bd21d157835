package io.navarch.controllers.podautoscaler;

import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.Pod;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Reason;
import java.time.Duration;
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
    /// @param proposals of the metrics that could be read
    public record Readings(
            Optional<ScaleTarget> target,
            List<Proposal> proposals,
            List<Failure> failures,
            List<Computation> computations,
            List<ScalingRules.Recommendation> recommendations,
            List<ScalingRules.Change> changes) {
        public static final Readings NONE =
                new Readings(Optional.empty(), List.of(), List.of(), List.of(), List.of(), List.of());

        /// The most that any metric asks for; while one cannot be read nothing is taken away.
        public long wanted() {
            long current = target.map(ScaleTarget::replicas).orElse(0);
            long most = proposals.stream().mapToLong(Proposal::replicas).max().orElse(current);
            return failures.isEmpty() ? most : Math.max(most, current);
        }
    }

    /// What could not be read, and the condition that says so.
    ///
    /// @param told as the event says it, in fewer words
    public record Failure(String condition, Reason reason, String told) {}

    /// A metric that was asked for.
    ///
    /// @param type as the autoscaler's spec has it
    /// @param wanted the size that it asks for, empty when it could not be read
    public record Computation(String type, Optional<Long> wanted, Duration took) {}

    public AutoscalerState with(Readings read) {
        return new AutoscalerState(key, autoscaler, pods, read);
    }
}
