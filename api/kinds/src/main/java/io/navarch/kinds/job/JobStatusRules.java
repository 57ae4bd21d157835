package io.navarch.kinds.job;

import io.navarch.kinds.support.Check;
import io.navarch.model.CompletionMode;
import io.navarch.model.Job;
import io.navarch.model.JobConditionType;
import io.navarch.model.JobStatus;
import io.navarch.model.StatusCondition;
import io.navarch.objects.FieldError;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What a job's status may become. Most is only minded when it changes, so that a status that was wrong before can be
/// written on.
final class JobStatusRules {
    private static final String CONDITIONS = "status.conditions";

    private final Job job;
    private final Job before;
    private final JobStatus now;
    private final JobStatus old;
    private final Check check = new Check();

    private JobStatusRules(Job job, Job before) {
        this.job = job;
        this.before = before;
        now = job.status();
        old = before.status();
    }

    static List<FieldError> check(Job job, Job old) {
        var rules = new JobStatusRules(job, old);
        rules.uncounted();
        rules.ends();
        rules.indexes();
        rules.counts();
        rules.criteria();
        return rules.check.errors();
    }

    private static boolean is(JobStatus status, String type) {
        return StatusCondition.isTrue(status.conditions(), type);
    }

    private boolean changed(String type) {
        return is(now, type) != is(old, type);
    }

    private static boolean finished(JobStatus status) {
        return is(status, JobConditionType.COMPLETE) || is(status, JobConditionType.FAILED);
    }

    private void wrong(boolean condition, String why) {
        if (condition) check.add(FieldError.invalid(CONDITIONS, why));
    }

    private void uncounted() {
        var seen = new HashSet<String>();
        var path = "status.uncountedTerminatedPods";
        uncounted(now.uncountedTerminatedPods().succeeded(), path + ".succeeded", seen);
        uncounted(now.uncountedTerminatedPods().failed(), path + ".failed", seen);
    }

    private void uncounted(List<String> uids, String path, Set<String> seen) {
        Check.each(uids, path, (uid, at) -> {
            if (uid.isEmpty()) check.invalid(at, uid, "must not be empty");
            else if (!seen.add(uid)) check.duplicate(at, uid);
        });
    }

    /// How a job may end.
    private void ends() {
        boolean complete = is(now, JobConditionType.COMPLETE);
        boolean failed = is(now, JobConditionType.FAILED);
        boolean completes = changed(JobConditionType.COMPLETE);
        boolean fails = changed(JobConditionType.FAILED);
        boolean target = is(now, JobConditionType.FAILURE_TARGET);
        boolean met = is(now, JobConditionType.SUCCESS_CRITERIA_MET);
        wrong((completes || fails) && complete && failed, "cannot set Complete=True and Failed=true conditions");
        wrong(
                (completes || changed(JobConditionType.FAILURE_TARGET)) && complete && target,
                "cannot set Complete=True and FailureTarget=true conditions");
        times(complete, completes);
        boolean otherIndexes = !failedIndexes(now).equals(failedIndexes(old));
        wrong(
                (fails || otherIndexes) && failed && !target,
                "cannot set Failed=True condition without the FailureTarget=true condition");
        wrong(
                (completes || changed(JobConditionType.SUCCESS_CRITERIA_MET)) && complete && !met,
                "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        for (var type : List.of(JobConditionType.FAILED, JobConditionType.COMPLETE, JobConditionType.FAILURE_TARGET))
            wrong(is(old, type) && !is(now, type), "cannot disable the terminal " + type + "=True condition");
    }

    private void times(boolean complete, boolean completes) {
        var start = now.startTime();
        var end = now.completionTime();
        boolean ends = !end.equals(old.completionTime());
        boolean starts = !start.equals(old.startTime());
        var path = "status.completionTime";
        if (completes || ends) {
            if (end.isPresent() && !complete)
                check.invalid(
                        path, shown(end.get()), "cannot set completionTime when there is no Complete=True condition");
            if (end.isEmpty() && complete) check.missing(path, "completionTime is required for Complete jobs");
        }
        if ((starts || ends)
                && start.isPresent()
                && end.isPresent()
                && end.get().isBefore(start.get()))
            check.invalid(path, shown(end.get()), "must be equal to or after `startTime`");
        if (end.isPresent() && old.completionTime().isPresent() && ends)
            check.invalid(path, shown(end.get()), "field is immutable");
        boolean resumes = is(old, JobConditionType.SUSPENDED)
                && now.conditions().stream()
                        .anyMatch(each -> each.type().equals(JobConditionType.SUSPENDED)
                                && each.status().text().equals("False"));
        if (starts && !resumes && old.startTime().isPresent() && !job.spec().suspend())
            check.invalid(
                    "status.startTime",
                    start.map(JobStatusRules::shown).orElse(null),
                    "field is immutable for unsuspended job once set");
        boolean empty = job.spec().suspend()
                && job.spec().hasCompletions()
                && job.spec().completions() == 0;
        if ((finished(now) != finished(old) || starts) && !empty && start.isEmpty() && finished(now))
            check.missing("status.startTime", "startTime is required for finished job");
    }

    private static String shown(Instant time) {
        return time.toString();
    }

    private static String failedIndexes(JobStatus status) {
        return status.hasFailedIndexes() ? "=" + status.failedIndexes() : "";
    }

    private void indexes() {
        var spec = job.spec();
        boolean completed = !now.completedIndexes().equals(old.completedIndexes());
        boolean failed = !failedIndexes(now).equals(failedIndexes(old));
        var path = "status.completedIndexes";
        var others = "status.failedIndexes";
        if (completed && spec.hasCompletions())
            Indexes.error(now.completedIndexes(), spec.completions())
                    .ifPresent(why ->
                            check.invalid(path, now.completedIndexes(), "error parsing completedIndexes: " + why));
        if (failed && spec.hasCompletions() && spec.hasBackoffLimitPerIndex() && now.hasFailedIndexes())
            Indexes.error(now.failedIndexes(), spec.completions())
                    .ifPresent(
                            why -> check.invalid(others, now.failedIndexes(), "error parsing failedIndexes: " + why));
        if (completed && !now.completedIndexes().isEmpty() && spec.completionMode() != CompletionMode.INDEXED)
            check.invalid(
                    path,
                    now.completedIndexes(),
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        if (failed && now.hasFailedIndexes() && !spec.hasBackoffLimitPerIndex())
            check.invalid(
                    others, now.failedIndexes(), "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        if ((failed || completed) && spec.hasCompletions() && now.hasFailedIndexes())
            Indexes.common(now.completedIndexes(), now.failedIndexes(), spec.completions())
                    .ifPresent(why -> check.invalid(others, now.failedIndexes(), why));
    }

    private void counts() {
        boolean finished = finished(now);
        boolean finishes = finished != finished(old);
        boolean active = now.active() != old.active();
        if ((finishes || active) && finished && now.active() > 0)
            check.invalid("status.active", now.active(), "active>0 is invalid for finished job");
        var uncounted = now.uncountedTerminatedPods();
        boolean some = Stream.of(uncounted.succeeded(), uncounted.failed()).anyMatch(each -> !each.isEmpty());
        if ((finishes || !uncounted.semanticEquals(old.uncountedTerminatedPods())) && finished && some)
            check.invalid("status.uncountedTerminatedPods", uncounted.view().map(), "must be empty for finished job");
        boolean terminating = now.terminatingOr(-1) != old.terminatingOr(-1);
        if ((finishes || terminating) && finished && now.terminatingOr(0) > 0)
            check.invalid("status.terminating", now.terminating(), "terminating>0 is invalid for finished job");
        if ((now.readyOr(-1) != old.readyOr(-1) || active) && now.hasReady() && now.ready() > now.active())
            check.invalid("status.ready", now.ready(), "cannot set more ready pods than active");
        if (now.failed() < old.failed())
            check.invalid("status.failed", now.failed(), "cannot decrease the failed counter");
        // An indexed job whose pods all run at once may be scaled down.
        boolean scaled = job.spec().completionMode() == CompletionMode.INDEXED && completions() == parallelism();
        if (!scaled && now.succeeded() < old.succeeded())
            check.invalid("status.succeeded", now.succeeded(), "cannot decrease the succeeded counter");
    }

    private int completions() {
        return job.spec().hasCompletions() ? job.spec().completions() : -1;
    }

    private int parallelism() {
        return job.spec().hasParallelism() ? job.spec().parallelism() : -1;
    }

    /// The criteria of success are met before a job is complete.
    private void criteria() {
        boolean met = is(now, JobConditionType.SUCCESS_CRITERIA_MET);
        boolean wasMet = is(old, JobConditionType.SUCCESS_CRITERIA_MET);
        wrong(met && is(now, JobConditionType.FAILED), "cannot set SuccessCriteriaMet=True and Failed=true conditions");
        wrong(
                met && is(now, JobConditionType.FAILURE_TARGET),
                "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        wrong(
                job.spec().hasSuccessPolicy() && !met && is(now, JobConditionType.COMPLETE),
                "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        wrong(wasMet && !met, "cannot disable the SuccessCriteriaMet=True condition");
        wrong(
                is(before.status(), JobConditionType.COMPLETE) && !wasMet && met,
                "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
    }
}
