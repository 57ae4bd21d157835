package io.navarch.controllers.job;

import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.EventTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

    static final List<Metric> ALL = List.of(SYNC_DURATION, SYNCS, FINISHED, PODS_FINISHED, POLICY, INDEXES, CREATIONS);

    private JobMetrics() {}

    private static String mode(View job) {
        return JobPods.indexed(job) ? "Indexed" : "NonIndexed";
    }

    /// One look at a Job that had not ended.
    static List<Metric.Sample> looked(View job, List<Action> actions, Duration took, ApiException failure) {
        var action = "reconciling";
        for (var each : actions) {
            if (each instanceof Action.Create) action = "pods_created";
            if (each instanceof Action.Delete) action = "pods_deleted";
        }
        var result = failure == null ? "success" : "error";
        return List.of(
                SYNC_DURATION.of(took.toNanos() / 1e9, mode(job), result, action),
                SYNCS.once(mode(job), result, action));
    }

    static Action finished(View job, JobEnd end) {
        return new Action.RecordMetric(FINISHED.once(mode(job), end.failure() ? "failed" : "succeeded", end.reason()));
    }

    /// What a new status has counted more than the one before.
    static List<Action> counted(View job, View status, JobCount count) {
        var samples = new ArrayList<Metric.Sample>();
        for (var result : List.of("succeeded", "failed")) {
            long more = status.get(result).longOr(0) - job.status().get(result).longOr(0);
            if (more > 0) samples.add(PODS_FINISHED.of(more, mode(job), result));
        }
        if (JobPods.indexed(job)) {
            var limit = job.spec().get("backoffLimitPerIndex").exists() ? "perIndex" : "global";
            indexes(job, "completedIndexes", count.succeededIndexes, "succeeded", limit, samples);
            indexes(job, "failedIndexes", count.failedIndexes, "failed", limit, samples);
        }
        count.ruled.forEach((action, pods) -> samples.add(POLICY.of(pods, action)));
        return samples.stream().<Action>map(Action.RecordMetric::new).toList();
    }

    private static void indexes(
            View job, String field, Indexes now, String status, String limit, List<Metric.Sample> samples) {
        var before = Indexes.parse(
                job.status().get(field).string(), job.spec().get("completions").intOr(Integer.MAX_VALUE));
        int more = now.size() - before.size();
        if (more > 0) samples.add(INDEXES.of(more, status, limit));
    }

    /// The story of a pod that is made, told and counted.
    static EventTemplate creation(View job, EventTemplate story) {
        var status = job.status();
        boolean failedBefore = status.get("failed").longOr(0) > 0;
        var reason = "new";
        if (JobPods.replacedWhenFailed(job) && failedBefore) reason = "recreate_failed";
        else if (failedBefore || status.get("terminating").longOr(0) > 0) reason = "recreate_terminating_or_failed";
        return story.counting(List.of(CREATIONS.once(reason, "succeeded")), List.of(CREATIONS.once(reason, "failed")));
    }
}
