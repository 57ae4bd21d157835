package io.navarch.controllers.cronjob;

import io.navarch.controllers.ReasonKind;

/// What the events of CronJobs say.
final class CronJobReason {
    static final ReasonKind MISSING_JOB = new ReasonKind("MissingJob", "Active job went missing: {}");
    static final ReasonKind SAW_COMPLETED_JOB = new ReasonKind("SawCompletedJob", "Saw completed job: {}");
    static final ReasonKind UNKNOWN_TIME_ZONE =
            new ReasonKind("UnknownTimeZone", "invalid timeZone: \"{}\": unknown time zone");
    static final ReasonKind UNPARSEABLE_SCHEDULE = new ReasonKind("UnparseableSchedule", "unparseable schedule: {}");
    static final ReasonKind TOO_MANY_MISSED_TIMES = new ReasonKind(
            "TooManyMissedTimes",
            "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
    static final ReasonKind MISS_SCHEDULE = new ReasonKind("MissSchedule", "Missed scheduled time to start a job: {}");
    static final ReasonKind JOB_ALREADY_ACTIVE = new ReasonKind(
            "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");

    private CronJobReason() {}
}
