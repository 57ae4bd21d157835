package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.RequestInfo;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.Locale;

/// Counts the calls that were answered.
public final class RequestMetrics {
    private static final Metric REQUESTS = Metric.counter(
            "apiserver_request_total", "[STABLE] Requests that were answered.", "verb", "resource", "code");

    private final Metrics metrics;

    public RequestMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    void count(RequestInfo info, int code) {
        metrics.record(REQUESTS.once(info.verb().toUpperCase(Locale.ROOT), info.resource(), String.valueOf(code)));
    }
}
