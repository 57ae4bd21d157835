package io.navarch.process;

import java.time.Duration;

/// How often a part has died of late, and so when it is started again: at once the first time, then after a second,
/// doubled with each further death up to half a minute. A minute of life, and what was before counts no more.
///
/// @param failures deaths one soon after the other
/// @param total all deaths
public record Restarts(int failures, int total) {
    public static final Restarts NONE = new Restarts(0, 0);

    private static final Duration HEALTHY = Duration.ofMinutes(1);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    public Restarts died(Duration lived) {
        return new Restarts(lived.compareTo(HEALTHY) >= 0 ? 1 : failures + 1, total + 1);
    }

    /// From the last death to the next start.
    public Duration pause() {
        return BACKOFF.after(failures - 1);
    }
}
