package io.navarch.admission;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.schema.admission.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What is counted of those who are asked, under the original's names.
final class AdmissionMetrics {
    private static final String PREFIX = "apiserver_admission_";
    private static final int HIGHEST_CODE = 600;

    private static final Metric DURATION = Metric.histogram(
            PREFIX + "webhook_admission_duration_seconds",
            "[STABLE] Admission webhook latency histogram in seconds, identified by name and broken out for each"
                    + " operation and API resource and type (validate or admit).",
            List.of(0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 10.0, 25.0),
            "name",
            "type",
            "operation",
            "rejected");
    private static final Metric REJECTIONS = Metric.counter(
            PREFIX + "webhook_rejection_count",
            "[ALPHA] Admission webhook rejection count, by name, type and operation, with the type of error and the"
                    + " code of the rejection.",
            "name",
            "type",
            "operation",
            "error_type",
            "rejection_code");
    private static final Metric FAIL_OPEN = Metric.counter(
            PREFIX + "webhook_fail_open_count",
            "[ALPHA] Admission webhook fail open count, identified by name and broken out for each admission type"
                    + " (validating or admit).",
            "name",
            "type");
    private static final Metric REQUESTS = Metric.counter(
            PREFIX + "webhook_request_total",
            "[ALPHA] Admission webhook request total, by name, type and operation, with the code of the answer and"
                    + " whether the request was rejected.",
            "name",
            "type",
            "operation",
            "code",
            "rejected");
    private static final Metric CONDITION_ERRORS = Metric.counter(
            PREFIX + "match_condition_evaluation_errors_total",
            "[ALPHA] Admission match condition evaluation errors count, by the name of the resource that has the"
                    + " condition, its kind (webhook or policy), operation and type (validate or admit).",
            "name",
            "kind",
            "type",
            "operation");
    private static final Metric EXCLUSIONS = Metric.counter(
            PREFIX + "match_condition_exclusions_total",
            "[ALPHA] Admission match condition evaluation exclusions count, by the name of the resource that has the"
                    + " condition, its kind (webhook or policy), operation and type (validate or admit).",
            "name",
            "kind",
            "type",
            "operation");
    private static final Metric CONDITION_DURATION = Metric.histogram(
            PREFIX + "match_condition_evaluation_seconds",
            "[ALPHA] Admission match condition evaluation time in seconds, by the name of the resource that has the"
                    + " condition, its kind (webhook or policy), operation and type (validate or admit).",
            List.of(0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25),
            "name",
            "kind",
            "type",
            "operation");

    private static final Metric CHECKS = Metric.counter(
            "apiserver_validating_admission_policy_check_total",
            "[BETA] Validation admission policy check total, labeled by policy and further identified by binding and"
                    + " enforcement action taken.",
            "policy",
            "policy_binding",
            "error_type",
            "enforcement_action");
    private static final Metric CHECK_DURATION = Metric.histogram(
            "apiserver_validating_admission_policy_check_duration_seconds",
            "[BETA] Validation admission latency for individual validation expressions in seconds, labeled by policy"
                    + " and further including binding and enforcement action taken.",
            List.of(0.0000005, 0.001, 0.01, 0.1, 1.0),
            "policy",
            "policy_binding",
            "error_type",
            "enforcement_action");

    private static final Metric CHANGES = Metric.counter(
            "apiserver_mutating_admission_policy_check_total",
            "[ALPHA] Mutation admission policy check total, labeled by policy and further identified by binding.",
            "policy",
            "policy_binding",
            "error_type");
    private static final Metric CHANGE_DURATION = Metric.histogram(
            "apiserver_mutating_admission_policy_check_duration_seconds",
            "[ALPHA] Mutation admission latency for individual mutation expressions in seconds, labeled by policy and"
                    + " binding.",
            List.of(0.0000005, 0.001, 0.01, 0.1, 1.0),
            "policy",
            "policy_binding",
            "error_type");

    private final Metrics metrics;

    AdmissionMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    /// @param type `admit` or `validating`, as all of webhooks
    void asked(Hook hook, String type, Operation operation, Duration took, int code, boolean rejected) {
        var shown = String.valueOf(Math.min(code, HIGHEST_CODE));
        metrics.record(REQUESTS.once(hook.name(), type, operation.name(), shown, String.valueOf(rejected)));
        metrics.record(
                DURATION.of(took.toNanos() / 1e9, hook.name(), type, operation.name(), String.valueOf(rejected)));
    }

    void rejected(Hook hook, String type, Operation operation, String error, int code) {
        var shown = String.valueOf(Math.min(code, HIGHEST_CODE));
        metrics.record(REJECTIONS.once(hook.name(), type, operation.name(), error, shown));
    }

    void failedOpen(Hook hook, String type) {
        metrics.record(FAIL_OPEN.once(hook.name(), type));
    }

    /// @param kind `webhook` or `policy`
    /// @param type `admit` or `validate`; of policies always the latter
    void conditions(String name, String kind, String type, Operation operation, Conditions.Outcome outcome) {
        var labels = new String[] {name, kind, type, operation.name()};
        metrics.record(CONDITION_DURATION.of(outcome.took().toNanos() / 1e9, labels));
        for (var error : outcome.errors())
            if (!error.startsWith(Cost.SPENT)) metrics.record(CONDITION_ERRORS.once(labels));
        // As the original has it: of webhooks only.
        if (kind.equals("webhook") && !outcome.matches() && !outcome.refused()) metrics.record(EXCLUSIONS.once(labels));
    }

    /// @param action `Allow`, `Deny`, `Warn` or `Audit`
    void checked(String policy, String binding, String message, String action, Duration took) {
        var labels = new String[] {policy, binding, errorType(message), action.toLowerCase(Locale.ROOT)};
        metrics.record(CHECKS.once(labels));
        metrics.record(CHECK_DURATION.of(took.toNanos() / 1e9, labels));
    }

    /// @param message what went wrong, or `""`
    void changed(String policy, String binding, String message, Duration took) {
        var labels = new String[] {policy, binding, message.isEmpty() ? "no_error" : errorType(message)};
        metrics.record(CHANGES.once(labels));
        metrics.record(CHANGE_DURATION.of(took.toNanos() / 1e9, labels));
    }

    /// The original tells it by the words, too: whatever is not allowed is an error.
    private static String errorType(String message) {
        if (message.startsWith("compilation")) return "compile_error";
        return message.startsWith(Cost.SPENT) ? "out_of_budget" : "invalid_error";
    }
}
