package io.navarch.controllers.job;

import io.navarch.kinds.job.Indexes;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ConditionStatus;
import io.navarch.model.ContainerStatus;
import io.navarch.model.Job;
import io.navarch.model.JobConditionType;
import io.navarch.model.Pod;
import io.navarch.model.PodPhase;
import io.navarch.model.RestartPolicy;
import io.navarch.model.StatusCondition;
import io.navarch.model.SuccessPolicyRule;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How a Job is to end: its status says so first, then the pods that still run go, and then it is final.
record JobEnd(boolean failure, Reason reason) {
    private static final int BACKOFF_LIMIT = 6;

    /// The condition that says that it will be over.
    String announced() {
        return announced(failure);
    }

    private static String announced(boolean failure) {
        return failure ? JobConditionType.FAILURE_TARGET : JobConditionType.SUCCESS_CRITERIA_MET;
    }

    /// The condition that says that it is over.
    String last() {
        return failure ? JobConditionType.FAILED : JobConditionType.COMPLETE;
    }

    /// What becomes of pods that still run.
    JobCount.Running running() {
        if (failure) return JobCount.Running.FAILED;
        boolean early = reason.reason().equals(JobReason.SUCCESS_POLICY.reason());
        return early ? JobCount.Running.RELEASED : JobCount.Running.KEPT;
    }

    private static Optional<JobEnd> failed(Reason reason) {
        return Optional.of(new JobEnd(true, reason));
    }

    private static Optional<JobEnd> succeeded(Reason reason) {
        return Optional.of(new JobEnd(false, reason));
    }

    /// The end that was announced before, or that is due now; empty while the Job goes on.
    static Optional<JobEnd> of(Job job, List<Pod> pods, JobCount count, Instant now) {
        var announced = announcedBefore(job, true).or(() -> announcedBefore(job, false));
        if (announced.isPresent()) return announced;
        if (count.fatal().isPresent()) return failed(count.fatal().get());
        if (count.failed() > job.spec().backoffLimitOr(BACKOFF_LIMIT) || restartedTooOften(job, pods))
            return failed(JobReason.BACKOFF_LIMIT_EXCEEDED.plain());
        if (untilDeadline(job, now).filter(left -> !left.isPositive()).isPresent())
            return failed(JobReason.DEADLINE_EXCEEDED.plain());
        return ofIndexes(job, count).or(() -> complete(job, pods, count));
    }

    private static Optional<JobEnd> announcedBefore(Job job, boolean failure) {
        return StatusCondition.find(job.status().conditions(), announced(failure))
                .filter(condition -> condition.status() == ConditionStatus.TRUE)
                .map(condition -> new JobEnd(failure, Reason.of(condition.reason(), condition.message())));
    }

    private static Optional<JobEnd> ofIndexes(Job job, JobCount count) {
        if (!JobPods.indexed(job)) return Optional.empty();
        var spec = job.spec();
        int failed = count.failedIndexes().size();
        if (spec.hasBackoffLimitPerIndex()) {
            if (spec.hasMaxFailedIndexes() && failed > spec.maxFailedIndexes())
                return failed(JobReason.MAX_FAILED_INDEXES_EXCEEDED.plain());
            int done = count.failedIndexes().with(count.succeededIndexes()).size();
            if (failed > 0 && done >= spec.completions()) return failed(JobReason.FAILED_INDEXES.plain());
        }
        var rules = spec.successPolicy().rules();
        for (int i = 0; i < rules.size(); i++) {
            if (met(rules.get(i), count, spec.completions())) return succeeded(JobReason.SUCCESS_POLICY.about("" + i));
        }
        return Optional.empty();
    }

    private static boolean met(SuccessPolicyRule rule, JobCount count, int completions) {
        var succeeded = count.succeededIndexes();
        if (rule.succeededIndexes().isEmpty()) return succeeded.size() >= rule.succeededCount();
        var indexes = Indexes.parse(rule.succeededIndexes(), completions);
        int both = indexes.size() + succeeded.size() - indexes.with(succeeded).size();
        return both >= rule.succeededCountOr(indexes.size());
    }

    private static Optional<JobEnd> complete(Job job, List<Pod> pods, JobCount count) {
        var spec = job.spec();
        boolean complete = spec.hasCompletions()
                ? count.succeeded() >= spec.completions()
                : count.succeeded() > 0 && pods.stream().noneMatch(Pods::active);
        boolean mayEnd = !spec.suspend() || spec.hasCompletions();
        return complete && mayEnd ? succeeded(JobReason.COMPLETIONS_REACHED.plain()) : Optional.empty();
    }

    /// With `restartPolicy: OnFailure` a pod fails in place.
    private static boolean restartedTooOften(Job job, List<Pod> pods) {
        if (job.spec().template().spec().restartPolicy() != RestartPolicy.ON_FAILURE) return false;
        int restarts = pods.stream()
                .map(Pod::status)
                .filter(status -> status.phase() == PodPhase.RUNNING || status.phase() == PodPhase.PENDING)
                .flatMap(status ->
                        Stream.concat(status.containerStatuses().stream(), status.initContainerStatuses().stream()))
                .mapToInt(ContainerStatus::restartCount)
                .sum();
        int limit = job.spec().backoffLimitOr(BACKOFF_LIMIT);
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    /// How long the Job may still run; empty when as long as it takes.
    static Optional<Duration> untilDeadline(Job job, Instant now) {
        var spec = job.spec();
        if (!spec.hasActiveDeadlineSeconds() || spec.suspend()) return Optional.empty();
        return job.status()
                .startTime()
                .map(started -> Duration.between(now, started.plusSeconds(spec.activeDeadlineSeconds())));
    }
}
