package io.navarch.agent.act;

import io.navarch.agent.decide.PodTermination;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The time that processes have to end, while it runs. It can only get shorter.
final class Grace {
    private final InstantSource clock;

    // Guarded by the monitor.

    private Instant start;
    private long seconds;

    Grace(long seconds, InstantSource clock) {
        this.clock = clock;
        this.seconds = seconds;
        start = clock.instant();
    }

    /// The seconds that a process may still take; never less than what it takes to end well.
    synchronized long left() {
        return PodTermination.remainingGrace(seconds, Duration.between(start, clock.instant()));
    }

    synchronized boolean over() {
        return !clock.instant().isBefore(start.plusSeconds(seconds));
    }

    /// False when it would not end any earlier.
    synchronized boolean shorten(long to) {
        var now = clock.instant();
        if (!now.plusSeconds(to).isBefore(start.plusSeconds(seconds))) return false;
        start = now;
        seconds = to;
        return true;
    }
}
