package io.navarch.apiserver.flow;

import io.navarch.process.Timers;
import java.util.function.LongSupplier;

/// A priority level at work: its calls, its seats, and what it has wanted lately. Changed by [PriorityLevels] alone.
final class PriorityLevel {
    /// How much of what was wanted before counts after another look; half of it is forgotten in five minutes.
    private static final double MEMORY = 0.977;

    /// What part of a level's seats one call may take.
    private static final double MOST_OF_LEVEL = 0.15;

    private final SeatDemand demand;
    private final FairQueues queues;
    private final RetryAfter retryAfter = new RetryAfter();
    private final RefusalPace pace;
    private volatile LevelSettings settings;
    private volatile SeatShares.Limits limits;
    private volatile SeatDemand.Seen seen = new SeatDemand.Seen(0, 0, 0);
    private volatile double smoothed;

    /// @param abreast so many of its calls compute at a time, and as many more of those who ask now and then
    PriorityLevel(LevelSettings settings, SeatShares.Limits limits, int abreast, LongSupplier nanoTime, Timers timers) {
        this.settings = settings;
        this.limits = limits;
        demand = new SeatDemand(nanoTime.getAsLong());
        pace = new RefusalPace(nanoTime.getAsLong());
        // Until anybody knows better, half of what may be lent is.
        int first = (limits.nominal() + limits.minimum() + 1) / 2;
        queues = new FairQueues(
                settings,
                first,
                abreast,
                abreast,
                FairQueues::onProcessor,
                nanoTime,
                timers,
                wanted -> demand.set(wanted, nanoTime.getAsLong()));
    }

    LevelSettings settings() {
        return settings;
    }

    FairQueues queues() {
        return queues;
    }

    RetryAfter retryAfter() {
        return retryAfter;
    }

    RefusalPace pace() {
        return pace;
    }

    SeatShares.Limits limits() {
        return limits;
    }

    SeatDemand.Seen seen() {
        return seen;
    }

    double smoothed() {
        return smoothed;
    }

    void configure(LevelSettings changed, SeatShares.Limits share) {
        settings = changed;
        limits = share;
    }

    void look(long nowNanos) {
        seen = demand.take(nowNanos);
        double envelope = seen.average() + seen.deviation();
        smoothed = Math.max(envelope, MEMORY * smoothed + (1 - MEMORY) * envelope);
    }

    SeatShares.Need need() {
        return new SeatShares.Need(settings.exempt(), limits, seen.highest(), smoothed);
    }

    void seats(int limit) {
        queues.configure(settings, limit);
    }

    /// The most seats that one call takes.
    int mostOfCall() {
        int nominal = limits.nominal();
        if (settings.queues() == 0) return Integer.MAX_VALUE;
        return (int) Math.max(1, Math.min(Math.ceil(nominal * MOST_OF_LEVEL), Math.floorDiv(nominal, settings.hand())));
    }
}
