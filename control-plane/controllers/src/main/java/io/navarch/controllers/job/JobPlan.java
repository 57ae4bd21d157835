package io.navarch.controllers.job;

import io.navarch.controllers.Conditions;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Pods;
import io.navarch.model.Resources;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One look at a Job that has not ended: its pods are counted, it is ended or kept going, and its status is told.
final class JobPlan {
    private final View job;
    private final List<View> pods;
    private final Instant now;
    private final List<Action> actions;
    private final List<Action> afterStatus = new ArrayList<>();
    private final List<Action> last = new ArrayList<>();
    private final Map<String, Object> status;
    private Duration lookAgain;

    JobPlan(View job, List<View> pods, Instant now, List<Action> actions) {
        this.job = job;
        this.pods = pods;
        this.now = now;
        this.actions = actions;
        status = Trees.copy(job.status().map());
    }

    Decision decide() {
        boolean suspended = job.spec().get("suspend").bool();
        if (!suspended) status.putIfAbsent("startTime", Timestamps.seconds(now));
        var count = new JobCount(job, pods, false);
        var end = JobEnd.of(job, pods, count, now);
        if (end != null && end.failure()) count = new JobCount(job, pods, true);
        if (end != null) end(end, count);
        else if (!job.deleting()) {
            suspend(suspended);
            var sizing = new JobSizing(job, pods, count, now);
            sizing.actions(last);
            later(sizing.nextTry());
            later(JobEnd.untilDeadline(job, now));
        }
        tell(count);
        afterStatus.addAll(JobMetrics.counted(job, View.of(status), count));
        for (var pod : count.released) afterStatus.add(JobPods.untrack(pod));
        if (!Trees.semanticEquals(status, job.status().map()))
            actions.add(Action.Update.status(Resources.JOBS.untyped(), job, status));
        actions.addAll(afterStatus);
        // Pods that cannot be made, or cannot be told to go, hold up no counting.
        actions.addAll(last);
        return LegacyController.decision(actions, lookAgain);
    }

    private void later(Duration wait) {
        if (wait != null && wait.isPositive() && (lookAgain == null || wait.compareTo(lookAgain) < 0))
            lookAgain = wait.plusMillis(20);
    }

    /// First it is told that the Job will end; once its pods are gone and counted, that it has.
    private void end(JobEnd end, JobCount count) {
        Conditions.replace(status, Conditions.of(job, end.type(), "True", end.reason(), end.message(), now));
        boolean running = false;
        for (var pod : pods) {
            if (Pods.ended(pod)) continue;
            running = true;
            if (!pod.deleting()) last.add(JobPods.delete(job, pod));
        }
        boolean told = job.condition(end.type()).equals("True");
        if (running || count.pending() || !told) return;
        Conditions.replace(status, Conditions.of(job, end.last(), "True", end.reason(), end.message(), now));
        if (end.failure()) {
            afterStatus.add(Action.RecordEvent.warning(job, end.reason(), end.message()));
        } else {
            status.put("completionTime", Timestamps.seconds(now));
            tellOfTooMany(count);
            afterStatus.add(Action.RecordEvent.normal(job, "Completed", "Job completed"));
        }
        afterStatus.add(JobMetrics.finished(job, end));
    }

    private void tellOfTooMany(JobCount count) {
        var wanted = job.spec().get("completions");
        if (!wanted.exists() || count.succeeded() <= wanted.longOr(0)) return;
        afterStatus.add(Action.RecordEvent.warning(
                job,
                "TooManySucceededPods",
                "Too many succeeded pods received, expected " + wanted.longOr(0) + ", got " + count.succeeded()));
    }

    private void suspend(boolean suspended) {
        var before = job.condition("Suspended");
        if (suspended && !before.equals("True")) {
            Conditions.replace(status, Conditions.of(job, "Suspended", "True", "JobSuspended", "Job suspended", now));
            status.remove("startTime");
            afterStatus.add(Action.RecordEvent.normal(job, "Suspended", "Job suspended"));
        } else if (!suspended && before.equals("True")) {
            Conditions.replace(status, Conditions.of(job, "Suspended", "False", "JobResumed", "Job resumed", now));
            // The deadline begins anew.
            status.put("startTime", Timestamps.seconds(now));
            afterStatus.add(Action.RecordEvent.normal(job, "Resumed", "Job resumed"));
        }
    }

    private void tell(JobCount count) {
        count.write(status);
        long active = pods.stream().filter(Pods::active).count();
        if (active == 0) status.remove("active");
        else status.put("active", active);
        status.put(
                "ready",
                pods.stream().filter(pod -> Pods.active(pod) && Pods.ready(pod)).count());
        status.put("terminating", pods.stream().filter(Pods::terminating).count());
    }
}
