package io.navarch.controllers.podautoscaler.metrics;

import io.navarch.controllers.podautoscaler.Measurement.Sample;
import io.navarch.controllers.podautoscaler.ScaleTarget;
import io.navarch.model.CrossVersionObjectReference;
import io.navarch.model.MetricIdentifier;
import java.util.List;

/// Where the size of a workload and the load on it are read: the scale subresource and the metrics APIs.
///
/// Every method throws [MetricUnavailableException] when there is no such thing, or it cannot be read.
public interface MetricsSource {
    ScaleTarget target(String namespace, CrossVersionObjectReference reference);

    /// @param resource `cpu` or `memory`
    List<Sample> resource(String namespace, String selector, String resource);

    List<Sample> pods(String namespace, String selector, MetricIdentifier metric);

    /// In thousandths.
    long object(String namespace, CrossVersionObjectReference described, MetricIdentifier metric);

    /// In thousandths, one a series.
    List<Long> external(String namespace, MetricIdentifier metric);
}
