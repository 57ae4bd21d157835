package io.navarch.controllers.job;

import io.navarch.controllers.Counts;
import io.navarch.controllers.WaitingForPods;
import io.navarch.kinds.job.Jobs;
import io.navarch.kinds.pod.Pods;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Job;
import io.navarch.model.JobCondition;
import io.navarch.model.JobConditionType;
import io.navarch.model.JobStatus;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.StatusCondition;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One pass over a Job that has not ended: its pods are counted, it is ended or kept going, and its status is written.
final class JobPlan {
    private final Job job;
    private final List<Pod> pods;
    private final Instant now;
    private final JobStatus.Builder status;
    private final List<Action> events = new ArrayList<>();
    private final List<Metric.Sample> metrics = new ArrayList<>();

    JobPlan(Job job, List<Pod> pods, Instant now) {
        this.job = job;
        this.pods = pods;
        this.now = now;
        status = job.status().toBuilder();
    }

    /// @param before what must be done in any case
    Decision decide(List<Action> before) {
        if (!job.spec().suspend() && !job.status().hasStartTime()) status.startTime(now);
        var count = new JobCount(job, pods, JobCount.Running.KEPT);
        var end = JobEnd.of(job, pods, count, now);
        if (end.isPresent()) count = new JobCount(job, pods, end.get().running());
        var decision = Decision.builder().changes(before);
        List<Action> last = List.of();
        if (end.isPresent()) {
            last = end(end.get(), count);
            decision.waitingOn(WaitingForPods.of(0, 0, last.size()));
        } else if (!job.deleting()) {
            suspendOrResume();
            var steps = new JobSizing(job, pods, count, now).next();
            last = steps.changes();
            decision.requeueAfter(later(steps.backoff()))
                    .requeueAfter(later(JobEnd.untilDeadline(job, now)))
                    .waitingOn(steps.waitingOn());
        }
        write(count);
        var written = status.build();
        metrics.addAll(JobMetrics.counted(job, written, count));
        return decision.status(Action.Update.statusIfChanged(Resources.JOBS, job, written))
                .afterStatus(events)
                .afterStatus(metrics.stream().map(Action.RecordMetric::new).toList())
                .afterStatus(count.released().stream().map(JobPods::untrack).toList())
                // Pods that cannot be created or deleted do not hold up counting.
                .afterStatus(last)
                .build();
    }

    private static Optional<Duration> later(Optional<Duration> wait) {
        return wait.filter(Duration::isPositive).map(left -> left.plusMillis(20));
    }

    private void condition(String type, ConditionStatus value, Reason reason) {
        var before = status.build().conditions();
        var made = Conditions.of(
                job.status().conditions(), JobCondition::of, type, value, reason.reason(), reason.message(), now);
        var told = made.toBuilder().lastProbeTime(made.lastTransitionTime().orElse(now));
        status.conditions(Conditions.with(before, told.build()));
    }

    /// The end is announced first; once the pods are gone and counted it is final.
    ///
    /// @return the deletions of pods that still run
    private List<Action> end(JobEnd end, JobCount count) {
        condition(end.announced(), ConditionStatus.TRUE, end.reason());
        var running = pods.stream().filter(pod -> !Pods.ended(pod)).toList();
        if (running.isEmpty() && !count.pending() && Jobs.isTrue(job, end.announced())) finish(end, count);
        return running.stream()
                .filter(pod -> !pod.deleting())
                .map(pod -> JobPods.delete(job, pod))
                .toList();
    }

    private void finish(JobEnd end, JobCount count) {
        condition(end.last(), ConditionStatus.TRUE, end.reason());
        if (end.failure()) {
            events.add(Action.RecordEvent.warning(job, end.reason()));
        } else {
            status.completionTime(now);
            int wanted = job.spec().completionsOr(Integer.MAX_VALUE);
            if (count.succeeded() > wanted)
                events.add(Action.RecordEvent.warning(
                        job,
                        JobReason.TOO_MANY_SUCCEEDED_PODS.about("expected " + wanted + ", got " + count.succeeded())));
            events.add(Action.RecordEvent.normal(job, JobReason.COMPLETED.plain()));
        }
        metrics.add(JobMetrics.finished(job, end));
    }

    private void suspendOrResume() {
        boolean suspend = job.spec().suspend();
        boolean suspended = StatusCondition.isTrue(job.status().conditions(), JobConditionType.SUSPENDED);
        if (suspend && !suspended) {
            condition(JobConditionType.SUSPENDED, ConditionStatus.TRUE, JobReason.JOB_SUSPENDED.plain());
            status.clearStartTime();
            events.add(Action.RecordEvent.normal(job, JobReason.SUSPENDED.plain()));
        } else if (!suspend && suspended) {
            condition(JobConditionType.SUSPENDED, ConditionStatus.FALSE, JobReason.JOB_RESUMED.plain());
            // The deadline begins anew.
            status.startTime(now);
            events.add(Action.RecordEvent.normal(job, JobReason.RESUMED.plain()));
        }
    }

    private void write(JobCount count) {
        count.write(status);
        int active = 0;
        int ready = 0;
        int terminating = 0;
        for (var pod : pods) {
            if (Pods.active(pod)) {
                active++;
                if (Pods.ready(pod)) ready++;
            } else if (Pods.terminating(pod)) {
                terminating++;
            }
        }
        status.active(active).ready(ready).terminating(terminating);
        Counts.omitZeros(status, JobStatus.ACTIVE);
    }
}
