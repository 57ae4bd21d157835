package io.navarch.process;

import java.time.Duration;

/// Exponential backoff: `initial` after the first failure, doubled after each further one, up to `limit`.
public record Backoff(Duration initial, Duration limit) {
    public Duration after(int failures) {
        if (failures <= 0) return Duration.ZERO;
        int doublings = Math.min(failures - 1, 30);
        var wait = initial.multipliedBy(1L << doublings);
        return wait.compareTo(limit) > 0 ? limit : wait;
    }
}
