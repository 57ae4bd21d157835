package io.navarch.hollow;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How the pods of hollow nodes behave.
///
/// @param startLeast how long a pod takes until it is ready, at least
/// @param startMost and at most
/// @param run how long a pod that is to end runs
/// @param failures the share, from 0 to 1, of pods that fail instead of starting or of succeeding
public record Behaviour(Duration startLeast, Duration startMost, Duration run, double failures) {
    Duration start(RandomGenerator random) {
        long spread = startMost.minus(startLeast).toMillis();
        return startLeast.plusMillis(spread <= 0 ? 0 : random.nextLong(spread + 1));
    }

    boolean fails(RandomGenerator random) {
        return failures > 0 && random.nextDouble() < failures;
    }
}
