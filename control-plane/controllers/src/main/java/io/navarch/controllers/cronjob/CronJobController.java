package io.navarch.controllers.cronjob;

import io.navarch.client.Caches;
import io.navarch.controllers.OwnerReferences;
import io.navarch.kinds.cronjob.CronSchedule;
import io.navarch.kinds.job.Jobs;
import io.navarch.model.ConcurrencyPolicy;
import io.navarch.model.CronJob;
import io.navarch.model.Job;
import io.navarch.model.JobConditionType;
import io.navarch.model.ObjectReference;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
import io.navarch.reconcile.Reason;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Starts a Job at each time of a schedule. A Job's name carries its time, so that no time is served twice.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
public final class CronJobController implements Controller<CronJobController.Seen> {
    private static final Metric SKEW = Metric.histogram(
            "cronjob_controller_job_creation_skew_duration_seconds",
            "[STABLE] Time between when a Job was due and when it was made.",
            Metric.exponential(1, 2, 10));

    /// The longest time between two passes: a clock that jumps is noticed after it.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final DateTimeFormatter READABLE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /// A CronJob and the Jobs that are its own.
    public record Seen(CronJob cron, List<Job> jobs) {}

    /// What starting a Job takes.
    ///
    /// @param active Jobs that run afterwards
    private record Start(List<Action> changes, Optional<Action.RecordEvent> event, List<ObjectReference> active) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("cronjob-controller")
                .queue("cronjob")
                .watches(Resources.CRON_JOBS, Controller::self)
                .watches(Resources.JOBS, job -> Controller.owner(job, Resources.CRON_JOBS.kind()))
                .may("batch", "cronjobs/status,cronjobs/finalizers", "update")
                .may("batch", "jobs", "create,delete")
                .metrics(SKEW)
                .build();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        return Optional.of(caches.of(Resources.CRON_JOBS).get(key))
                .filter(cron -> cron.exists() && !cron.deleting())
                .map(cron -> new Seen(cron, caches.of(Resources.JOBS).ownedBy(cron)));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var cron = seen.cron;
        var history = History.of(cron, seen.jobs);
        var decision = Decision.builder().events(history.events()).changes(cleanUp(seen));
        var parsed = parse(cron);
        parsed.problem.ifPresent(problem -> decision.event(warning(cron, problem)));
        var running = history.active();
        if (parsed.schedule.isPresent()) {
            var schedule = parsed.schedule.get();
            var due = DueTime.of(cron, history.lastScheduled(), schedule, now);
            if (due.tooManyMissed()) decision.event(warning(cron, CronJobReason.TOO_MANY_MISSED_TIMES.plain()));
            if (due.time().isPresent()) {
                var start = start(seen, due.time().get(), running, now);
                start.event.ifPresent(decision::event);
                decision.changes(start.changes);
                running = start.active;
            }
            decision.requeueAfter(untilNext(schedule, now));
        }
        var status = history.status(cron, running);
        return decision.status(Action.Update.statusIfChanged(Resources.CRON_JOBS, cron, status))
                .build();
    }

    /// A schedule, or what is wrong with it; neither while the CronJob is suspended.
    private record Parsed(Optional<CronSchedule> schedule, Optional<Reason> problem) {}

    private static Parsed parse(CronJob cron) {
        var spec = cron.spec();
        if (spec.suspend()) return new Parsed(Optional.empty(), Optional.empty());
        try {
            return new Parsed(Optional.of(CronSchedule.of(spec.schedule(), zone(cron))), Optional.empty());
        } catch (DateTimeException e) {
            return wrong(CronJobReason.UNKNOWN_TIME_ZONE.about(spec.timeZone()));
        } catch (IllegalArgumentException e) {
            return wrong(CronJobReason.UNPARSEABLE_SCHEDULE.about(spec.schedule() + " : " + e.getMessage()));
        }
    }

    private static Parsed wrong(Reason problem) {
        return new Parsed(Optional.empty(), Optional.of(problem));
    }

    private static Action.RecordEvent warning(CronJob cron, Reason reason) {
        return Action.RecordEvent.warning(cron, reason);
    }

    private static Optional<Duration> untilNext(CronSchedule schedule, Instant now) {
        return schedule.next(now)
                .map(next -> Duration.between(now, next).plusMillis(100))
                .map(wait -> wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
    }

    private static ZoneId zone(CronJob cron) {
        var name = cron.spec().timeZone();
        return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
    }

    /// Of Jobs that have ended only the youngest are kept.
    private static List<Action> cleanUp(Seen seen) {
        var spec = seen.cron.spec();
        var result = new ArrayList<>(oldest(seen, JobConditionType.COMPLETE, spec.successfulJobsHistoryLimitOr(3)));
        result.addAll(oldest(seen, JobConditionType.FAILED, spec.failedJobsHistoryLimitOr(1)));
        return result;
    }

    private static List<Action> oldest(Seen seen, String how, int limit) {
        var ended = seen.jobs.stream()
                .filter(job -> Jobs.isTrue(job, how) && !job.deleting())
                .sorted(Comparator.comparing(
                                (Job job) -> job.status().startTime().orElse(Instant.EPOCH))
                        .thenComparing(Job::name))
                .toList();
        return ended.stream()
                .limit(Math.max(0, ended.size() - limit))
                .map(job -> delete(seen.cron, job))
                .toList();
    }

    private static Action delete(CronJob cron, Job job) {
        return new Action.Delete(Resources.JOBS, job.key(), job.uid(), deleted(cron, job.name()));
    }

    private static EventTemplate created(CronJob cron) {
        return new EventTemplate(cron, "SuccessfulCreate", "Created job %s", "FailedCreate", "Error creating job: %s");
    }

    private static EventTemplate deleted(CronJob cron, String job) {
        return new EventTemplate(cron, "SuccessfulDelete", "Deleted job " + job, "FailedDelete", "Deleted job: %s");
    }

    private static Start start(Seen seen, Instant due, List<ObjectReference> active, Instant now) {
        var cron = seen.cron;
        var spec = cron.spec();
        boolean late = spec.hasStartingDeadlineSeconds()
                && due.plusSeconds(spec.startingDeadlineSeconds()).isBefore(now);
        if (late) {
            var missed = warning(cron, CronJobReason.MISS_SCHEDULE.about(READABLE.format(due)));
            return new Start(List.of(), Optional.of(missed), active);
        }
        if (spec.concurrencyPolicy() == ConcurrencyPolicy.FORBID && !active.isEmpty()) {
            var running = Action.RecordEvent.normal(cron, CronJobReason.JOB_ALREADY_ACTIVE.plain());
            return new Start(List.of(), Optional.of(running), active);
        }
        var name = cron.name() + "-" + due.getEpochSecond() / 60;
        // One of this name was started before, in the same minute.
        if (seen.jobs.stream().anyMatch(job -> job.name().equals(name)))
            return new Start(List.of(), Optional.empty(), active);
        boolean replace = spec.concurrencyPolicy() == ConcurrencyPolicy.REPLACE;
        var replaced = seen.jobs.stream()
                .filter(job -> replace && History.lists(active, job))
                .toList();
        var changes = new ArrayList<Action>();
        for (var job : replaced) changes.add(delete(cron, job));
        // The Job's uid is only known once it is seen: the list and the time are written then.
        double skew = Duration.between(due, now).toMillis() / 1e3;
        var event = created(cron).counting(List.of(SKEW.of(skew)), List.of());
        changes.add(new Action.Create(Resources.JOBS, job(cron, name, due), event));
        var left = active.stream()
                .filter(reference ->
                        replaced.stream().noneMatch(job -> job.uid().equals(reference.uid())))
                .toList();
        return new Start(changes, Optional.empty(), left);
    }

    private static Job job(CronJob cron, String name, Instant due) {
        var template = cron.spec().jobTemplate();
        var from = template.metadata();
        var scheduled = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(due.atZone(zone(cron)));
        return Job.builder()
                .metadata(metadata -> {
                    metadata.name(name)
                            .namespace(cron.namespace())
                            .annotations(from.annotations())
                            .putAnnotations(History.SCHEDULED, scheduled)
                            .addOwnerReferences(OwnerReferences.of(cron, Resources.CRON_JOBS));
                    if (from.hasLabels()) metadata.labels(from.labels());
                })
                .spec(template.spec())
                .build();
    }
}
