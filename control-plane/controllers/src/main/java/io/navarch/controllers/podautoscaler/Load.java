package io.navarch.controllers.podautoscaler;

import io.navarch.objects.View;
import java.util.List;

/// Where the size of a workload and the load on it are read: the scale subresource and the metrics APIs.
public interface Load {
    /// A workload's size.
    ///
    /// @param replicas that it is told to have
    /// @param current that it has
    /// @param selector of its pods, as text
    record Size(long replicas, long current, String selector) {}

    /// What could not be read, in words for conditions and events.
    final class UnavailableException extends RuntimeException {
        public UnavailableException(String message) {
            super(message);
        }
    }

    /// @param reference the `scaleTargetRef`
    /// @throws UnavailableException when there is no such thing, or it cannot be scaled
    Size size(String namespace, View reference);

    /// A measurement of one pod.
    ///
    /// @param container `""` for the whole pod
    /// @param milli the value in thousandths
    record Sample(String pod, String container, long milli) {}

    /// @param resource `cpu` or `memory`
    List<Sample> resource(String namespace, String selector, String resource);

    List<Sample> pods(String namespace, String selector, View metric);

    /// In thousandths.
    long object(String namespace, View described, View metric);

    /// In thousandths, one a series.
    List<Long> external(String namespace, View metric);
}
