package io.navarch.kinds.cronjob;

import io.navarch.kinds.job.JobRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// CronJob.
public final class CronJobKind {
    private CronJobKind() {}

    public static KindDefinition definition(Types types) {
        var columns = new ArrayList<>(List.of(Columns.withTemplate(
                "spec.jobTemplate.spec.template",
                Columns.NAME,
                Columns.at("Schedule", "spec.schedule"),
                Columns.text("Timezone", c -> c.spec().get("timeZone").stringOr("<none>")),
                new Column(
                        "Suspend",
                        "boolean",
                        0,
                        "",
                        (c, now) -> cell(c.spec().get("suspend").bool())),
                Columns.number(
                        "Active", c -> (long) c.status().get("active").list().size()),
                Columns.timed("Last Schedule", CronJobKind::last),
                Columns.AGE)));
        columns.add(Columns.wide("Selector", c -> Columns.selector(c.path("spec.jobTemplate.spec.selector"))));
        return KindDefinition.of("batch", "CronJob", "cronjobs")
                .version("v1", types.get("V1CronJob"), columns.toArray(Column[]::new))
                .shortNames("cj")
                .categories("all")
                .withStatus()
                .withGeneration()
                .ruledBy(CronJobKind::check);
    }

    private static String cell(boolean flag) {
        return flag ? "True" : "False";
    }

    private static String last(View cron, Instant now) {
        var time = cron.status().get("lastScheduleTime");
        return time.exists() ? Columns.age(time, now) : "<none>";
    }

    private static List<FieldError> check(View cron, View old) {
        var check = new Check();
        var spec = cron.spec();
        var schedule = spec.get("schedule").string();
        if (!schedule.isEmpty()) {
            CronSchedule.error(schedule)
                    .ifPresent(wrong -> check.add(FieldError.invalid("spec.schedule", schedule, wrong)));
            if (schedule.contains("TZ") && !old.spec().get("schedule").string().equals(schedule)) {
                check.add(FieldError.invalid(
                        "spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
            }
        }
        zone(spec.get("timeZone"), check);
        if (spec.path("jobTemplate.spec.manualSelector").bool()) {
            check.add(FieldError.notSupported("spec.jobTemplate.spec.manualSelector", true, Set.of("nil", "false")));
        }
        if (spec.path("jobTemplate.spec.selector").exists()) {
            check.add(FieldError.invalid(
                    "spec.jobTemplate.spec.selector",
                    spec.path("jobTemplate.spec.selector").map(),
                    "`selector` will be auto-generated"));
        }
        JobRules.spec(spec.path("jobTemplate.spec"), "spec.jobTemplate.spec", check);
        if (!old.exists() && cron.name().length() > 52) {
            check.add(FieldError.invalid("metadata.name", cron.name(), "must be no more than 52 characters"));
        }
        return check.errors();
    }

    private static void zone(View zone, Check check) {
        if (!zone.exists()) return;
        var name = zone.string();
        if (name.isEmpty()) {
            check.add(FieldError.invalid("spec.timeZone", name, "timeZone must be nil or non-empty string"));
        } else if (name.equalsIgnoreCase("Local")) {
            check.add(FieldError.invalid(
                    "spec.timeZone",
                    name,
                    "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"));
        } else if (!java.time.ZoneId.getAvailableZoneIds().contains(name)) {
            check.add(FieldError.invalid("spec.timeZone", name, "unknown time zone " + name));
        }
    }
}
