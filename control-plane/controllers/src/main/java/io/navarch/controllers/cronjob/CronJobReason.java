package io.navarch.controllers.cronjob;

import io.navarch.controllers.ReasonKind;

/// What the events of CronJobs say.
enum CronJobReason implements ReasonKind {
    MISSING_JOB("MissingJob", "Active job went missing: {}"),
    SAW_COMPLETED_JOB("SawCompletedJob", "Saw completed job: {}"),
    UNKNOWN_TIME_ZONE("UnknownTimeZone", "invalid timeZone: \"{}\": unknown time zone"),
    UNPARSEABLE_SCHEDULE("UnparseableSchedule", "unparseable schedule: {}"),
    TOO_MANY_MISSED_TIMES(
            "TooManyMissedTimes",
            "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"),
    MISS_SCHEDULE("MissSchedule", "Missed scheduled time to start a job: {}"),
    JOB_ALREADY_ACTIVE(
            "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");

    private final String reason;
    private final String text;

    CronJobReason(String reason, String text) {
        this.reason = reason;
        this.text = text;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public String text() {
        return text;
    }
}
