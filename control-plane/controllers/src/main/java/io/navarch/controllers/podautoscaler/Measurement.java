package io.navarch.controllers.podautoscaler;

import java.util.List;

/// What was measured for one metric, in thousandths.
///
/// @param samples of single pods, for metrics of pods
/// @param total for metrics of something else
public record Measurement(List<Sample> samples, long total) {
    /// A measurement of one pod.
    ///
    /// @param container `""` for the whole pod
    public record Sample(String pod, String container, long milli) {}

    public static Measurement ofPods(List<Sample> samples) {
        return new Measurement(samples, 0);
    }

    public static Measurement ofTotal(long milli) {
        return new Measurement(List.of(), milli);
    }
}
