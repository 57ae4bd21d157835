package io.navarch.apiserver.flow;

import java.time.Duration;

/// What a call costs: seats while it is served, and seats for a while after that, when others are told of what it
/// changed.
///
/// @param linger how long `afterwards` seats are taken, after the caller has its answer
record Work(int seats, int afterwards, Duration linger) {
    private static final double NANOS = 1e9;

    /// How long a call takes as long as nobody knows better, in seconds.
    static final double SERVICE = 0.003;

    static Work of(int seats) {
        return new Work(seats, 0, Duration.ZERO);
    }

    /// Seats are taken at once for both phases.
    int most() {
        return Math.max(seats, afterwards);
    }

    /// Seat-seconds of both phases.
    double total() {
        return seats * SERVICE + afterwards * linger.toNanos() / NANOS;
    }

    /// The same work on no more seats than there are at all.
    Work within(int limit) {
        if (afterwards <= limit || limit < 1) return this;
        return new Work(seats, limit, linger.multipliedBy(afterwards).dividedBy(limit));
    }
}
