package io.navarch.controllers.cronjob;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.Owners;
import io.navarch.controllers.Pods;
import io.navarch.controllers.job.JobController;
import io.navarch.kinds.cronjob.CronSchedule;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.EventTemplate;
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
import java.util.Map;
import java.util.Objects;

/// Starts a Job at each time of a schedule. A Job's name carries its time, so that no time is served twice.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
public final class CronJobController implements LegacyController<CronJobController.Seen> {
    private static final Metric SKEW = Metric.histogram(
            "cronjob_controller_job_creation_skew_duration_seconds",
            "[STABLE] Time between when a Job was due and when it was made.",
            Metric.exponential(1, 2, 10));
    /// More times than that missed are not looked for one by one: the last is served, and a clock may be wrong.
    private static final int MANY = 100;

    /// A clock that jumps is noticed after so long.
    private static final Duration LOOK = Duration.ofSeconds(30);

    private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /// A CronJob and the Jobs that are its own.
    public record Seen(View cron, List<View> jobs) {}

    @Override
    public String name() {
        return "cronjob-controller";
    }

    @Override
    public String queue() {
        return "cronjob";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(SKEW);
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.CRON_JOBS.untyped(), LegacyController::self),
                new Input(Resources.JOBS.untyped(), job -> LegacyController.owner(job, "CronJob")));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("batch", "cronjobs/status,cronjobs/finalizers", "update"),
                Permission.of("batch", "jobs", "create,delete"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var cron = caches.of(Resources.CRON_JOBS.untyped()).get(key);
        if (!cron.exists() || cron.deleting()) return null;
        return new Seen(cron, caches.of(Resources.JOBS.untyped()).ownedBy(cron));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var actions = new ArrayList<Action>();
        var cron = seen.cron;
        var status = Trees.copy(cron.status().map());
        finish(seen, status, actions);
        cleanUp(seen, actions);
        var wait = schedule(seen, status, now, actions);
        if (!Trees.semanticEquals(status, cron.status().map()))
            actions.add(Action.Update.status(Resources.CRON_JOBS.untyped(), cron, status));
        return LegacyController.decision(actions, wait);
    }

    /// Jobs that have ended leave the list of those that run.
    private static void finish(Seen seen, Map<String, Object> status, List<Action> actions) {
        var cron = seen.cron;
        var active = new ArrayList<Object>();
        for (var reference : cron.status().get("active").views()) {
            var job = seen.jobs.stream()
                    .filter(each -> each.uid().equals(reference.get("uid").string()))
                    .findFirst()
                    .orElse(View.of(null));
            if (!job.exists()) {
                actions.add(Action.RecordEvent.normal(
                        cron,
                        "MissingJob",
                        "Active job went missing: " + reference.get("name").string()));
            } else if (JobController.finished(job)) {
                var how = job.condition("Complete").equals("True") ? "Complete" : "Failed";
                actions.add(Action.RecordEvent.normal(
                        cron, "SawCompletedJob", "Saw completed job: " + job.name() + ", condition: " + how));
            } else {
                active.add(reference.value());
            }
        }
        enlist(seen, active, status);
        put(status, "active", active);
        seen.jobs.stream()
                .filter(job -> job.condition("Complete").equals("True"))
                .map(job -> job.status().get("completionTime").string())
                .filter(time ->
                        time.compareTo(cron.status().get("lastSuccessfulTime").string()) > 0)
                .max(Comparator.naturalOrder())
                .ifPresent(time -> status.put("lastSuccessfulTime", time));
    }

    /// What was started is known by the Jobs themselves, also when it could not be written down.
    private static void enlist(Seen seen, List<Object> active, Map<String, Object> status) {
        for (var job : seen.jobs) {
            var time = Timestamps.parse(job.annotation(SCHEDULED));
            if (time == null) continue;
            boolean listed = View.of(active).find("uid", job.uid()).exists();
            if (!listed && !job.deleting() && !JobController.finished(job)) active.add(reference(job));
            var last = Timestamps.parse(View.of(status).get("lastScheduleTime").string());
            if (last == null || time.isAfter(last)) status.put("lastScheduleTime", Timestamps.seconds(time));
        }
    }

    private static void put(Map<String, Object> status, String field, List<Object> value) {
        if (value.isEmpty()) status.remove(field);
        else status.put(field, value);
    }

    /// Of Jobs that have ended only the youngest are kept.
    private static void cleanUp(Seen seen, List<Action> actions) {
        oldest(
                seen,
                "Complete",
                seen.cron.spec().get("successfulJobsHistoryLimit").intOr(3),
                actions);
        oldest(seen, "Failed", seen.cron.spec().get("failedJobsHistoryLimit").intOr(1), actions);
    }

    private static void oldest(Seen seen, String how, int limit, List<Action> actions) {
        var ended = seen.jobs.stream()
                .filter(job -> job.condition(how).equals("True") && !job.deleting())
                .sorted(Comparator.comparing(
                                (View job) -> job.status().get("startTime").string())
                        .thenComparing(View::name))
                .toList();
        for (int i = 0; i < ended.size() - limit; i++) actions.add(delete(seen.cron, ended.get(i)));
    }

    private static Action delete(View cron, View job) {
        return new Action.Delete(
                Resources.JOBS.untyped(), job.key(), job.uid(), EventTemplate.deleted(cron, "job", job.name()));
    }

    private static Duration schedule(Seen seen, Map<String, Object> status, Instant now, List<Action> actions) {
        var cron = seen.cron;
        if (cron.spec().get("suspend").bool()) return null;
        CronSchedule schedule;
        try {
            schedule = CronSchedule.of(cron.spec().get("schedule").string(), zone(cron));
        } catch (DateTimeException e) {
            actions.add(Action.RecordEvent.warning(
                    cron,
                    "UnknownTimeZone",
                    "invalid timeZone: \"" + cron.spec().get("timeZone").string() + "\": unknown time zone"));
            return null;
        } catch (IllegalArgumentException e) {
            actions.add(Action.RecordEvent.warning(
                    cron,
                    "UnparseableSchedule",
                    "unparseable schedule: " + cron.spec().get("schedule").string() + " : " + e.getMessage()));
            return null;
        }
        var due = due(cron, status, schedule, now, actions);
        if (due != null) start(seen, due, status, now, actions);
        var next = schedule.next(now);
        if (next == null) return null;
        var wait = Duration.between(now, next).plusMillis(100);
        return wait.compareTo(LOOK) < 0 ? wait : LOOK;
    }

    private static ZoneId zone(View cron) {
        var name = cron.spec().get("timeZone").string();
        return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
    }

    /// The last time that has not been served; `null` when there is none.
    private static Instant due(
            View cron, Map<String, Object> status, CronSchedule schedule, Instant now, List<Action> actions) {
        var last = Timestamps.parse(View.of(status).get("lastScheduleTime").string());
        var earliest = last == null ? Pods.created(cron) : last;
        var deadline = cron.spec().get("startingDeadlineSeconds");
        if (deadline.exists()) {
            var bound = now.minusSeconds(deadline.longOr(0));
            if (bound.isAfter(earliest)) earliest = bound;
        }
        Instant due = null;
        int missed = 0;
        for (var time = schedule.next(earliest); time != null && !time.isAfter(now); time = schedule.next(time)) {
            due = time;
            // With a period the last one can be worked out.
            if (++missed <= MANY) continue;
            var period = Duration.between(time, Objects.requireNonNullElse(schedule.next(time), now.plusSeconds(1)));
            long whole = Math.max(0, Duration.between(time, now).toMillis() / Math.max(1, period.toMillis()) - 2);
            time = time.plus(period.multipliedBy(whole));
            if (missed == MANY + 1)
                actions.add(
                        Action.RecordEvent.warning(
                                cron,
                                "TooManyMissedTimes",
                                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"));
        }
        return due;
    }

    private static void start(Seen seen, Instant due, Map<String, Object> status, Instant now, List<Action> actions) {
        var cron = seen.cron;
        var deadline = cron.spec().get("startingDeadlineSeconds");
        if (deadline.exists() && due.plusSeconds(deadline.longOr(0)).isBefore(now)) {
            actions.add(Action.RecordEvent.warning(
                    cron,
                    "MissSchedule",
                    "Missed scheduled time to start a job: "
                            + DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                                    .withZone(ZoneOffset.UTC)
                                    .format(due)));
            return;
        }
        var active = new ArrayList<>(View.of(status).get("active").list());
        var policy = cron.spec().get("concurrencyPolicy").string();
        if (policy.equals("Forbid") && !active.isEmpty()) {
            actions.add(Action.RecordEvent.normal(
                    cron,
                    "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is Forbid"));
            return;
        }
        var name = cron.name() + "-" + due.getEpochSecond() / 60;
        // One of this name was started before, in the same minute.
        if (seen.jobs.stream().anyMatch(job -> job.name().equals(name))) return;
        if (policy.equals("Replace")) {
            for (var job : seen.jobs)
                if (View.of(active).find("uid", job.uid()).exists()) {
                    actions.add(delete(cron, job));
                    active.removeIf(each -> View.of(each).get("uid").string().equals(job.uid()));
                }
        }
        // The Job's uid is only known when it is seen: the list and the time are written then.
        var late = Duration.between(due, now).toMillis() / 1e3;
        actions.add(new Action.Create(
                Resources.JOBS.untyped(),
                job(cron, name, due),
                EventTemplate.created(cron, "job").counting(List.of(SKEW.of(late)), List.of())));
        put(status, "active", active);
    }

    private static Map<String, Object> reference(View job) {
        return Trees.map(
                "apiVersion",
                "batch/v1",
                "kind",
                "Job",
                "name",
                job.name(),
                "namespace",
                job.namespace(),
                "uid",
                job.uid(),
                "resourceVersion",
                job.resourceVersion());
    }

    private static Map<String, Object> job(View cron, String name, Instant due) {
        var template = cron.spec().get("jobTemplate");
        var annotations = Trees.map();
        annotations.putAll(template.metadata().get("annotations").map());
        annotations.put(
                SCHEDULED,
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        due.atZone(zone(cron)).toOffsetDateTime()));
        return Trees.map(
                "metadata",
                Trees.map(
                        "name",
                        name,
                        "namespace",
                        cron.namespace(),
                        "labels",
                        Trees.copy(template.metadata().get("labels").value()),
                        "annotations",
                        annotations,
                        "ownerReferences",
                        Trees.list(Owners.reference(cron, Resources.CRON_JOBS.untyped()))),
                "spec",
                Trees.copy(template.spec().map()));
    }
}
