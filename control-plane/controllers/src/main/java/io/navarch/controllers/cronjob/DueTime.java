package io.navarch.controllers.cronjob;

import io.navarch.kinds.cronjob.CronSchedule;
import io.navarch.model.CronJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The last time of a schedule that has not been served.
///
/// @param tooManyMissed whether so many times were missed that the clock may be wrong
record DueTime(Optional<Instant> time, boolean tooManyMissed) {
    /// Beyond this many missed times the rest is computed, not enumerated.
    private static final int MANY = 100;

    static DueTime of(CronJob cron, Optional<Instant> lastScheduled, CronSchedule schedule, Instant now) {
        var earliest = lastScheduled.orElseGet(cron::created);
        if (cron.spec().hasStartingDeadlineSeconds()) {
            var bound = now.minusSeconds(cron.spec().startingDeadlineSeconds());
            if (bound.isAfter(earliest)) earliest = bound;
        }
        Optional<Instant> due = Optional.empty();
        int missed = 0;
        var next = schedule.next(earliest);
        while (next.isPresent() && !next.get().isAfter(now)) {
            due = next;
            // With a period the last one can be worked out.
            if (++missed > MANY) next = Optional.of(nearNow(next.get(), schedule, now));
            next = schedule.next(next.get());
        }
        return new DueTime(due, missed > MANY);
    }

    /// A time of the schedule shortly before now.
    private static Instant nearNow(Instant time, CronSchedule schedule, Instant now) {
        var period = Duration.between(time, schedule.next(time).orElse(now.plusSeconds(1)));
        long whole = Math.max(0, Duration.between(time, now).toMillis() / Math.max(1, period.toMillis()) - 2);
        return time.plus(period.multipliedBy(whole));
    }
}
