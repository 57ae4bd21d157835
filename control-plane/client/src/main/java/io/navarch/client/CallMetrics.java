package io.navarch.client;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.List;
import java.util.function.LongSupplier;

/// What a part of the cluster asks of the API server, under client-go's names.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`rest_client_*`)
///
/// @param host that is asked, with its port
/// @param nanos the time, as [System#nanoTime] tells it
public record CallMetrics(Metrics metrics, String host, LongSupplier nanos) {
    private static final Metric CALLS =
            Metric.counter("rest_client_requests_total", "[ALPHA] Calls of the API.", "code", "method", "host");
    private static final Metric TOOK = Metric.histogram(
            "rest_client_request_duration_seconds",
            "[ALPHA] How long calls of the API took until their answers began.",
            List.of(0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0),
            "verb",
            "host");
    /// Of calls that nobody answered.
    private static final String UNANSWERED = "<error>";

    public CallMetrics {
        metrics.declare(CALLS);
        metrics.declare(TOOK);
    }

    long now() {
        return nanos.getAsLong();
    }

    void answered(String method, int status, long since) {
        counted(method, String.valueOf(status), since);
    }

    void unanswered(String method, long since) {
        counted(method, UNANSWERED, since);
    }

    private void counted(String method, String code, long since) {
        metrics.record(CALLS.once(code, method, host));
        metrics.record(TOOK.of((now() - since) / 1e9, method, host));
    }
}
