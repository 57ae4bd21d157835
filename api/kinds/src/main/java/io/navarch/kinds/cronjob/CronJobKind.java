package io.navarch.kinds.cronjob;

import io.navarch.kinds.deployment.WorkloadRules;
import io.navarch.kinds.job.JobRules;
import io.navarch.kinds.job.JobWarnings;
import io.navarch.kinds.pod.PodDefaults;
import io.navarch.kinds.pod.PodWarnings;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.CronJob;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/// CronJob.
public final class CronJobKind {
    /// Go's name for whatever zone the server is in.
    private static final String LOCAL = "Local";

    private CronJobKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.CRON_JOBS)
                .version(types.get("V1CronJob"), CronJobKind::columns)
                .shortNames("cj")
                .categories("all")
                .withStatus()
                .withGeneration()
                .preparedBy(
                        CronJob::edit,
                        (now, old) -> now.spec(spec -> spec.jobTemplate(
                                job -> job.spec(work -> work.template(PodDefaults::withholdFromPods)))))
                .ruledBy(CronJobKind::check)
                .warning(CronJobKind::warnings)
                .build();
    }

    private static void columns(ColumnList<CronJob> columns) {
        columns.name()
                .text("Schedule", cron -> cron.spec().schedule())
                .text("Timezone", cron -> cron.spec().timeZoneOr("<none>"))
                .add("Suspend", "boolean", 0, "", (cron, now) -> cron.spec().suspend() ? "True" : "False")
                .number("Active", cron -> cron.status().active().size())
                .timed("Last Schedule", CronJobKind::last)
                .age();
        WorkloadRules.podColumns(
                columns,
                cron -> cron.spec().jobTemplate().spec().template(),
                cron -> cron.spec().jobTemplate().spec().selector());
    }

    private static String last(CronJob cron, Instant now) {
        var status = cron.status();
        return status.hasLastScheduleTime() ? Columns.age(status.lastScheduleTime(), now) : "<none>";
    }

    private static List<String> warnings(CronJob cron, CronJob old) {
        var warnings = new ArrayList<String>();
        if (!old.exists()) warnings.addAll(PodWarnings.ofName(cron.name()));
        if (!old.exists() || old.metadata().generation() != cron.metadata().generation())
            warnings.addAll(JobWarnings.ofSpec(cron.spec().jobTemplate().spec(), "spec.jobTemplate.spec"));
        // The path is the original's.
        if (old.exists() && cron.spec().schedule().contains("TZ"))
            warnings.add("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see"
                    + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
        return warnings;
    }

    private static List<FieldError> check(CronJob cron, CronJob old) {
        var check = new Check();
        var spec = cron.spec();
        var schedule = spec.schedule();
        if (!schedule.isEmpty()) {
            CronSchedule.error(schedule).ifPresent(wrong -> check.invalid("spec.schedule", schedule, wrong));
            if (schedule.contains("TZ") && !old.spec().schedule().equals(schedule))
                check.invalid(
                        "spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
        if (spec.hasTimeZone()) zone(spec.timeZone(), check);
        var job = spec.jobTemplate().spec();
        if (job.manualSelector())
            check.notSupported("spec.jobTemplate.spec.manualSelector", true, List.of("nil", "false"));
        if (job.hasSelector())
            check.invalid(
                    "spec.jobTemplate.spec.selector", job.selector().view().map(), "`selector` will be auto-generated");
        JobRules.spec(job, "spec.jobTemplate.spec", check);
        if (!old.exists() && cron.name().length() > 52)
            check.invalid("metadata.name", cron.name(), "must be no more than 52 characters");
        return check.errors();
    }

    private static void zone(String name, Check check) {
        var path = "spec.timeZone";
        if (name.isEmpty()) {
            check.invalid(path, name, "timeZone must be nil or non-empty string");
            return;
        }
        if (name.equalsIgnoreCase(LOCAL))
            check.invalid(
                    path, name, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        if (!name.equals(LOCAL) && !ZoneId.getAvailableZoneIds().contains(name))
            check.invalid(path, name, "unknown time zone " + name);
    }
}
