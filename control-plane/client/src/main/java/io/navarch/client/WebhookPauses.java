package io.navarch.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long is waited before something is tried again: always half as long again, and never just as long as others.
///
/// @param first pause
record WebhookPauses(Duration first, RandomGenerator random) {
    /// Tries in all.
    static final int TRIES = 5;

    private static final double FACTOR = 1.5;
    private static final double JITTER = 0.2;

    /// @param tries that have failed
    Duration after(int tries) {
        double factor = Math.pow(FACTOR, tries - 1) * (1 + JITTER * random.nextDouble());
        return Duration.ofNanos((long) (first.toNanos() * factor));
    }
}
