package io.navarch.apiserver.custom;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.time.Duration;
import java.util.List;

/// What is counted of conversions, under the original's names.
final class ConversionMetrics {
    /// Why a conversion has failed.
    enum Failure {
        CALL("conversion_webhook_call_failure"),
        MALFORMED("conversion_webhook_malformed_response_failure"),
        PARTIAL("conversion_webhook_partial_response_failure"),
        INVALID_OBJECT("conversion_webhook_invalid_converted_object_failure");

        private final String text;

        Failure(String text) {
            this.text = text;
        }
    }

    private static final List<Double> SECONDS = Metric.exponential(0.001, 2, 15);
    private static final Metric CONVERSIONS = Metric.histogram(
            "apiserver_crd_conversion_webhook_duration_seconds",
            "[ALPHA] CRD webhook conversion duration in seconds",
            SECONDS,
            "crd_name",
            "from_version",
            "to_version",
            "succeeded");
    private static final Metric REQUESTS = Metric.counter(
            "apiserver_conversion_webhook_request_total",
            "[ALPHA] Counter for conversion webhook requests with success/failure and failure error type",
            "result",
            "failure_type");
    private static final Metric LATENCY = Metric.histogram(
            "apiserver_conversion_webhook_duration_seconds",
            "[ALPHA] Conversion webhook request latency",
            List.of(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0),
            "result",
            "failure_type");

    private final Metrics metrics;

    ConversionMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    void succeeded(String definition, String from, String to, Duration took) {
        told(definition, from, to, took, "success", "");
    }

    void failed(String definition, String from, String to, Duration took, Failure why) {
        told(definition, from, to, took, "failure", why.text);
    }

    private void told(String definition, String from, String to, Duration took, String result, String why) {
        double seconds = took.toNanos() / 1e9;
        metrics.record(REQUESTS.once(result, why));
        metrics.record(LATENCY.of(seconds, result, why));
        metrics.record(CONVERSIONS.of(seconds, definition, from, to, String.valueOf(why.isEmpty())));
    }
}
