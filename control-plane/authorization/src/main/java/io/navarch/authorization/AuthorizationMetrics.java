package io.navarch.authorization;

import io.navarch.objects.Sha256;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/// What is counted of authorization, under the original's names.
final class AuthorizationMetrics {
    private static final String PREFIX = "apiserver_authorization_";
    private static final List<Double> CONDITION_SECONDS = List.of(0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25);
    private static final List<Double> CALL_SECONDS =
            List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    private static final Metric DECISIONS = Metric.counter(
            PREFIX + "decisions_total",
            "[ALPHA] Total number of terminal decisions made by an authorizer split by authorizer type, name, and"
                    + " decision.",
            "type",
            "name",
            "decision");
    private static final Metric CONDITION_ERRORS = Metric.counter(
            PREFIX + "match_condition_evaluation_errors_total",
            "[ALPHA] Total number of errors when an authorization webhook encounters a match condition error split by"
                    + " authorizer type and name.",
            "type",
            "name");
    private static final Metric EXCLUSIONS = Metric.counter(
            PREFIX + "match_condition_exclusions_total",
            "[ALPHA] Total number of exclusions when an authorization webhook is skipped because match conditions"
                    + " exclude it.",
            "type",
            "name");
    private static final Metric CONDITION_DURATION = Metric.histogram(
            PREFIX + "match_condition_evaluation_seconds",
            "[ALPHA] Authorization match condition evaluation time in seconds, split by authorizer type and name.",
            CONDITION_SECONDS,
            "type",
            "name");
    private static final Metric CALLS = Metric.counter(
            PREFIX + "webhook_evaluations_total", "[ALPHA] Round-trips to authorization webhooks.", "name", "result");
    private static final Metric CALL_DURATION = Metric.histogram(
            PREFIX + "webhook_duration_seconds", "[ALPHA] Request latency in seconds.", CALL_SECONDS, "name", "result");
    private static final Metric FAIL_OPEN = Metric.counter(
            PREFIX + "webhook_evaluations_fail_open_total",
            "[ALPHA] NoOpinion results due to webhook timeout or error.",
            "name",
            "result");
    private static final Metric RELOADS = Metric.counter(
            PREFIX + "config_controller_automatic_reloads_total",
            "[BETA] Total number of automatic reloads of authorization configuration split by status and apiserver"
                    + " identity.",
            "status",
            "apiserver_id_hash");
    private static final Metric LAST_RELOAD = Metric.gauge(
            PREFIX + "config_controller_automatic_reload_last_timestamp_seconds",
            "[BETA] Timestamp of the last automatic reload of authorization configuration split by status and"
                    + " apiserver identity.",
            "status",
            "apiserver_id_hash");
    private static final Metric CONFIGURATION = Metric.gauge(
            PREFIX + "config_controller_last_config_info",
            "[ALPHA] Information about the last applied authorization configuration with hash as label, split by"
                    + " apiserver identity.",
            "apiserver_id_hash",
            "hash");

    /// When the file was read again last, with which success.
    private record Reload(double at, String status) {}

    private final Metrics metrics;
    private final InstantSource clock;
    private final String server;
    private volatile String configuration = "";
    private volatile List<Reload> reloads = List.of();

    /// @param server this one among others
    AuthorizationMetrics(Metrics metrics, InstantSource clock, String server) {
        this.metrics = metrics;
        this.clock = clock;
        this.server = hash(server);
    }

    private static String hash(String text) {
        return "sha256:" + Sha256.hex(text);
    }

    void decided(ConfiguredAuthorizer by, String decision) {
        metrics.record(DECISIONS.once(by.type().text(), by.name(), decision));
    }

    void evaluated(String name, Duration took, boolean failed, boolean excluded) {
        var type = AuthorizerType.WEBHOOK.text();
        metrics.record(CONDITION_DURATION.of(took.toNanos() / 1e9, type, name));
        if (failed) metrics.record(CONDITION_ERRORS.once(type, name));
        if (excluded) metrics.record(EXCLUSIONS.once(type, name));
    }

    void called(String name, String result, Duration took) {
        metrics.record(CALLS.once(name, result));
        metrics.record(CALL_DURATION.of(took.toNanos() / 1e9, name, result));
    }

    void failedOpen(String name, String result) {
        metrics.record(FAIL_OPEN.once(name, result));
    }

    /// Shows which configuration is used.
    void file(String text) {
        if (configuration.isEmpty())
            metrics.registerGauges(() -> reloads.stream()
                    .map(reload -> LAST_RELOAD.of(reload.at, reload.status, server))
                    .toList());
        if (configuration.isEmpty()) metrics.registerGauges(() -> List.of(CONFIGURATION.of(1, server, configuration)));
        configuration = hash(text);
    }

    void reloaded(boolean well) {
        var status = well ? "success" : "failure";
        metrics.record(RELOADS.once(status, server));
        var others = reloads.stream().filter(reload -> !reload.status.equals(status));
        var now = new Reload(clock.millis() / 1000.0, status);
        reloads = Stream.concat(others, Stream.of(now)).toList();
    }
}
