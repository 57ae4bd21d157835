package io.navarch.controllers.cronjob;

import io.navarch.kinds.job.Jobs;
import io.navarch.model.CronJob;
import io.navarch.model.CronJobStatus;
import io.navarch.model.Job;
import io.navarch.model.JobStatus;
import io.navarch.model.ObjectReference;
import io.navarch.model.Resources;
import io.navarch.objects.Timestamps;
import io.navarch.reconcile.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a CronJob's Jobs say about its past, merged with what its status says.
///
/// @param active Jobs that run
/// @param events about Jobs that left the list of those that run
record History(
        List<ObjectReference> active,
        Optional<Instant> lastScheduled,
        Optional<Instant> lastSuccessful,
        List<Action.RecordEvent> events) {
    /// The annotation of a Job with the time that it was created for.
    static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    static History of(CronJob cron, List<Job> jobs) {
        var active = new ArrayList<ObjectReference>();
        var events = new ArrayList<Action.RecordEvent>();
        for (var reference : cron.status().active()) {
            var job = jobs.stream()
                    .filter(each -> each.uid().equals(reference.uid()))
                    .findFirst()
                    .orElse(Job.ABSENT);
            if (!job.exists()) {
                events.add(Action.RecordEvent.normal(cron, CronJobReason.MISSING_JOB.about(reference.name())));
            } else if (Jobs.finished(job)) {
                var how = job.name() + ", condition: " + (Jobs.complete(job) ? "Complete" : "Failed");
                events.add(Action.RecordEvent.normal(cron, CronJobReason.SAW_COMPLETED_JOB.about(how)));
            } else {
                active.add(reference);
            }
        }
        enlist(jobs, active);
        var scheduled = Stream.concat(
                        cron.status().lastScheduleTime().stream(),
                        jobs.stream().flatMap(job -> scheduledAt(job).stream()))
                .max(Comparator.naturalOrder());
        var successful = Stream.concat(
                        cron.status().lastSuccessfulTime().stream(),
                        jobs.stream()
                                .filter(Jobs::complete)
                                .map(Job::status)
                                .map(JobStatus::completionTime)
                                .flatMap(Optional::stream))
                .max(Comparator.naturalOrder());
        return new History(active, scheduled, successful, events);
    }

    /// Jobs that were started are known by themselves, also when the status could not be written.
    private static void enlist(List<Job> jobs, List<ObjectReference> active) {
        for (var job : jobs) {
            boolean runs = !job.deleting() && !Jobs.finished(job);
            if (runs && scheduledAt(job).isPresent() && !lists(active, job)) active.add(reference(job));
        }
    }

    private static Optional<Instant> scheduledAt(Job job) {
        return Timestamps.parse(job.annotation(SCHEDULED));
    }

    static boolean lists(List<ObjectReference> references, Job job) {
        return references.stream().anyMatch(each -> each.uid().equals(job.uid()));
    }

    private static ObjectReference reference(Job job) {
        return ObjectReference.builder()
                .apiVersion(Resources.JOBS.apiVersion())
                .kind(Resources.JOBS.kind())
                .name(job.name())
                .namespace(job.namespace())
                .uid(job.uid())
                .resourceVersion(job.resourceVersion())
                .build();
    }

    /// The status that says this.
    ///
    /// @param running Jobs that still run after this pass
    CronJobStatus status(CronJob cron, List<ObjectReference> running) {
        var status = cron.status().toBuilder()
                .active(running)
                .lastScheduleTime(lastScheduled)
                .lastSuccessfulTime(lastSuccessful);
        if (running.isEmpty()) status.clearActive();
        return status.build();
    }
}
