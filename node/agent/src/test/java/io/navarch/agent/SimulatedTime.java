package io.navarch.agent;

import io.navarch.process.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// Virtual time on one thread. What is due at the same moment happens in a random order, and while one waits the others
/// go on.
final class SimulatedTime implements InstantSource, Timers {
    /// Whoever is in the middle of something has been killed.
    static final class KilledError extends Error {}

    private record Due(Instant at, int order, Runnable action) {}

    private final RandomGenerator random;
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparingInt(Due::order));
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    SimulatedTime(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void after(Duration delay, Runnable action) {
        queue.add(new Due(now.plus(delay), random.nextInt(), action));
    }

    @Override
    public void pause(Duration length) {
        var end = now.plus(length);
        while (!queue.isEmpty() && !queue.peek().at.isAfter(end)) {
            var next = queue.remove();
            if (next.at.isAfter(now)) now = next.at;
            try {
                next.action.run();
            } catch (KilledError e) {
                // That was the end of it.
            }
        }
        if (end.isAfter(now)) now = end;
    }
}
