package io.navarch.apiserver.flow;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.util.Collection;
import java.util.List;

/// What is counted of calls that pass, wait and are refused, under the names of kube-apiserver.
final class FlowMetrics {
    private static final String PREFIX = "apiserver_flowcontrol_";
    private static final String LEVEL = "priority_level";
    private static final String SCHEMA = "flow_schema";
    private static final double NANOS = 1e9;
    private static final List<Double> SECONDS =
            List.of(0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0);

    private static final Metric REJECTED = Metric.counter(
            PREFIX + "rejected_requests_total", "[BETA] Calls that were refused.", LEVEL, SCHEMA, "reason");
    private static final Metric DISPATCHED =
            Metric.counter(PREFIX + "dispatched_requests_total", "[BETA] Calls that were served.", LEVEL, SCHEMA);
    private static final Metric EXECUTING =
            Metric.gauge(PREFIX + "current_executing_requests", "[BETA] Calls that are being served.", LEVEL, SCHEMA);
    private static final Metric EXECUTING_SEATS =
            Metric.gauge(PREFIX + "current_executing_seats", "[BETA] Seats that calls have.", LEVEL, SCHEMA);
    private static final Metric WAITING =
            Metric.gauge(PREFIX + "current_inqueue_requests", "[BETA] Calls that wait.", LEVEL, SCHEMA);
    private static final Metric WAITING_SEATS =
            Metric.gauge(PREFIX + "current_inqueue_seats", "[BETA] Seats that calls wait for.", LEVEL, SCHEMA);
    private static final Metric QUEUE_LENGTH = Metric.histogram(
            PREFIX + "request_queue_length_after_enqueue",
            "[BETA] Calls in a queue, as each that has joined it sees them.",
            List.of(0.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0),
            LEVEL,
            SCHEMA);
    private static final Metric WAITED = Metric.histogram(
            PREFIX + "request_wait_duration_seconds",
            "[BETA] How long calls waited.",
            SECONDS,
            LEVEL,
            SCHEMA,
            "execute");
    private static final Metric EXECUTED = Metric.histogram(
            PREFIX + "request_execution_seconds",
            "[BETA] How long calls were served, watches until they had sent their beginning.",
            SECONDS,
            LEVEL,
            SCHEMA,
            "type");
    private static final Metric WATCHES = Metric.histogram(
            PREFIX + "watch_count_samples",
            "[ALPHA] How many watches a change was sent to.",
            List.of(0.0, 1.0, 10.0, 100.0, 1000.0, 10000.0),
            LEVEL,
            SCHEMA);
    private static final Metric ESTIMATED = Metric.histogram(
            PREFIX + "work_estimated_seats",
            "[ALPHA] Seats that calls were thought to need.",
            List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 100.0),
            LEVEL,
            SCHEMA);

    private static final Metric NOMINAL =
            Metric.gauge(PREFIX + "nominal_limit_seats", "[BETA] Seats of a level by its share.", LEVEL);
    private static final Metric LOWER =
            Metric.gauge(PREFIX + "lower_limit_seats", "[ALPHA] Seats that a level never lends.", LEVEL);
    private static final Metric UPPER =
            Metric.gauge(PREFIX + "upper_limit_seats", "[ALPHA] Seats of a level with all that it may borrow.", LEVEL);
    private static final Metric CURRENT =
            Metric.gauge(PREFIX + "current_limit_seats", "[ALPHA] Seats that a level has now.", LEVEL);
    private static final Metric HIGHEST = Metric.gauge(
            PREFIX + "demand_seats_high_watermark", "[ALPHA] The most seats that a level wanted lately.", LEVEL);
    private static final Metric AVERAGE =
            Metric.gauge(PREFIX + "demand_seats_average", "[ALPHA] Seats that a level wanted lately.", LEVEL);
    private static final Metric DEVIATION = Metric.gauge(
            PREFIX + "demand_seats_stdev", "[ALPHA] How much the seats that a level wanted lately varied.", LEVEL);
    private static final Metric SMOOTHED = Metric.gauge(
            PREFIX + "demand_seats_smoothed", "[ALPHA] Seats that a level wanted over a longer time.", LEVEL);
    private static final Metric TARGET =
            Metric.gauge(PREFIX + "target_seats", "[ALPHA] Seats that a level should have.", LEVEL);
    private static final Metric FAIR =
            Metric.gauge(PREFIX + "seat_fair_frac", "[ALPHA] What part of its target each level gets that can use it.");

    private final Metrics metrics;

    FlowMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    void estimated(FlowRules.Flow flow, int seats) {
        metrics.record(ESTIMATED.of(seats, flow.level(), flow.schema()));
    }

    void watched(FlowRules.Flow flow, int watches) {
        metrics.record(WATCHES.of(watches, flow.level(), flow.schema()));
    }

    void queued(FlowRules.Flow flow, int length, Work work, int sign) {
        if (sign > 0) metrics.record(QUEUE_LENGTH.of(length, flow.level(), flow.schema()));
        metrics.record(WAITING.of(sign, flow.level(), flow.schema()));
        metrics.record(WAITING_SEATS.of(sign * work.most(), flow.level(), flow.schema()));
    }

    void waited(FlowRules.Flow flow, long nanos, boolean served) {
        metrics.record(WAITED.of(nanos / NANOS, flow.level(), flow.schema(), String.valueOf(served)));
    }

    /// @param reason as the original has it: `queue-full`, `concurrency-limit`, `time-out`, `cancelled`
    void refused(FlowRules.Flow flow, String reason) {
        metrics.record(REJECTED.once(flow.level(), flow.schema(), reason));
    }

    void begins(FlowRules.Flow flow, Work work) {
        metrics.record(DISPATCHED.once(flow.level(), flow.schema()));
        executing(flow, work, 1);
    }

    void ends(FlowRules.Flow flow, Work work, long nanos, boolean watch) {
        executing(flow, work, -1);
        metrics.record(EXECUTED.of(nanos / NANOS, flow.level(), flow.schema(), watch ? "watch" : "regular"));
    }

    private void executing(FlowRules.Flow flow, Work work, int sign) {
        metrics.record(EXECUTING.of(sign, flow.level(), flow.schema()));
        metrics.record(EXECUTING_SEATS.of(sign * work.most(), flow.level(), flow.schema()));
    }

    static void level(PriorityLevel level, Collection<Metric.Sample> into) {
        var name = level.settings().name();
        var limits = level.limits();
        var seen = level.seen();
        into.add(NOMINAL.of(limits.nominal(), name));
        into.add(LOWER.of(limits.minimum(), name));
        into.add(UPPER.of(limits.maximum(), name));
        into.add(CURRENT.of(level.queues().limit(), name));
        into.add(HIGHEST.of(seen.highest(), name));
        into.add(AVERAGE.of(seen.average(), name));
        into.add(DEVIATION.of(seen.deviation(), name));
        into.add(SMOOTHED.of(level.smoothed(), name));
        into.add(TARGET.of(level.need().target(), name));
    }

    static Metric.Sample fairness(double part) {
        return FAIR.of(part);
    }
}
