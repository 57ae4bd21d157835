package io.navarch.ingress;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.List;
import java.util.Set;

/// What the ingress is asked and answers. Kubernetes has no names for it: they are our own.
final class IngressMetrics {
    /// Whatever else clients think of is counted together.
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE");

    private static final Metric REQUESTS =
            Metric.counter("navarch_ingress_requests_total", "Requests, by what they were answered.", "method", "code");
    private static final Metric DURATION = Metric.histogram(
            "navarch_ingress_request_duration_seconds",
            "How long requests took, with their answers.",
            List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
            "method");

    private final Metrics metrics;

    IngressMetrics(Metrics metrics) {
        this.metrics = metrics;
        metrics.declare(REQUESTS);
        metrics.declare(DURATION);
    }

    /// @param status 0 when there was no answer
    void answered(String method, int status, long nanos) {
        var known = METHODS.contains(method) ? method : "other";
        metrics.record(REQUESTS.once(known, String.valueOf(status)));
        metrics.record(DURATION.of(nanos / 1e9, known));
    }
}
