package io.navarch.controllers.job;

import io.navarch.kinds.job.Indexes;
import io.navarch.model.CompletionMode;
import io.navarch.model.Job;
import io.navarch.model.JobStatus;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// What is counted of Jobs.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`job_controller_*`)
final class JobMetrics {
    private static final Metric SYNC_DURATION = Metric.histogram(
            "job_controller_job_sync_duration_seconds",
            "[STABLE] How long one look at a Job took, with what was done then.",
            Metric.exponential(0.004, 2, 15),
            "completion_mode",
            "result",
            "action");
    private static final Metric SYNCS = Metric.counter(
            "job_controller_job_syncs_total", "[STABLE] Looks at Jobs.", "completion_mode", "result", "action");
    private static final Metric FINISHED = Metric.counter(
            "job_controller_jobs_finished_total",
            "[STABLE] Jobs that have ended.",
            "completion_mode",
            "result",
            "reason");
    private static final Metric PODS_FINISHED = Metric.counter(
            "job_controller_job_pods_finished_total",
            "[STABLE] Pods of Jobs that have ended and are counted in the status.",
            "completion_mode",
            "result");
    private static final Metric POLICY = Metric.counter(
            "job_controller_pod_failures_handled_by_failure_policy_total",
            "[ALPHA] Failed pods that a rule of the failure policy says something about.",
            "action");
    private static final Metric INDEXES = Metric.counter(
            "job_controller_job_finished_indexes_total", "[ALPHA] Indexes that have ended.", "status", "backoffLimit");
    private static final Metric CREATIONS = Metric.counter(
            "job_controller_job_pods_creation_total", "[ALPHA] Pods that Jobs asked for.", "reason", "status");

    private static final String SUCCEEDED = "succeeded";
    private static final String FAILED = "failed";

    static final List<Metric> ALL = List.of(SYNC_DURATION, SYNCS, FINISHED, PODS_FINISHED, POLICY, INDEXES, CREATIONS);

    private JobMetrics() {}

    private static String mode(Job job) {
        return (JobPods.indexed(job) ? CompletionMode.INDEXED : CompletionMode.NON_INDEXED).text();
    }

    /// One pass over a Job that had not ended.
    static List<Metric.Sample> synced(Job job, List<Action> actions, Duration took, boolean failed) {
        var action = "reconciling";
        for (var each : actions) {
            if (each instanceof Action.Create) action = "pods_created";
            if (each instanceof Action.Delete) action = "pods_deleted";
        }
        var result = failed ? "error" : "success";
        return List.of(
                SYNC_DURATION.of(took.toNanos() / 1e9, mode(job), result, action),
                SYNCS.once(mode(job), result, action));
    }

    static Metric.Sample finished(Job job, JobEnd end) {
        return FINISHED.once(
                mode(job), end.failure() ? FAILED : SUCCEEDED, end.reason().reason());
    }

    /// What a new status counts beyond the one before.
    static List<Metric.Sample> counted(Job job, JobStatus status, JobCount count) {
        var before = job.status();
        var samples = new ArrayList<Metric.Sample>();
        ifMore(status.succeeded() - before.succeeded(), more -> PODS_FINISHED.of(more, mode(job), SUCCEEDED))
                .ifPresent(samples::add);
        ifMore(status.failed() - before.failed(), more -> PODS_FINISHED.of(more, mode(job), FAILED))
                .ifPresent(samples::add);
        if (JobPods.indexed(job)) {
            var limit = job.spec().hasBackoffLimitPerIndex() ? "perIndex" : "global";
            ifMore(
                            more(job, count.succeededIndexes(), before.completedIndexes()),
                            more -> INDEXES.of(more, SUCCEEDED, limit))
                    .ifPresent(samples::add);
            ifMore(more(job, count.failedIndexes(), before.failedIndexes()), more -> INDEXES.of(more, FAILED, limit))
                    .ifPresent(samples::add);
        }
        count.ruled().forEach((action, pods) -> samples.add(POLICY.of(pods, action.text())));
        return samples;
    }

    private static Optional<Metric.Sample> ifMore(int more, IntFunction<Metric.Sample> sample) {
        return more > 0 ? Optional.of(sample.apply(more)) : Optional.empty();
    }

    private static int more(Job job, Indexes now, String before) {
        return now.size()
                - Indexes.parse(before, job.spec().completionsOr(Integer.MAX_VALUE))
                        .size();
    }

    /// The event of a pod's creation, counted.
    static EventTemplate creation(Job job) {
        var status = job.status();
        boolean failedBefore = status.failed() > 0;
        var reason = "new";
        if (JobPods.replacedWhenFailed(job) && failedBefore) reason = "recreate_failed";
        else if (failedBefore || status.terminating() > 0) reason = "recreate_terminating_or_failed";
        return EventTemplate.created(job, "pod")
                .counting(List.of(CREATIONS.once(reason, SUCCEEDED)), List.of(CREATIONS.once(reason, FAILED)));
    }
}
