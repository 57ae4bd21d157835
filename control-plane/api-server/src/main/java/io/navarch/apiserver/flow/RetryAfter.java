package io.navarch.apiserver.flow;

import java.util.ArrayDeque;

/// When those who are refused shall come again: in a second, and later while many are.
final class RetryAfter {
    private static final long LONGEST = 32;

    private record Second(long at, long refused) {}

    private final ArrayDeque<Second> history = new ArrayDeque<>();
    private long current;
    private long refused;
    private long seconds = 1;
    private long changed;

    /// One more is refused.
    ///
    /// @return in how many seconds it may come again
    synchronized long refuse(long now) {
        if (now == current) {
            refused++;
            return seconds;
        }
        // What was in the future was before the clock was set back.
        if (now < current) {
            history.clear();
            changed = 0;
        }
        history.add(new Second(current, refused));
        long kept = Math.min(2 * seconds, LONGEST);
        while (!history.isEmpty() && now - history.getFirst().at > kept) history.removeFirst();
        current = now;
        refused = 1;
        adapt(now);
        return seconds;
    }

    private void adapt(long now) {
        long lately = history.stream()
                .filter(second -> now - second.at <= seconds && second.at < now)
                .mapToLong(Second::refused)
                .sum();
        if (now - changed >= seconds && lately >= 3 * seconds) {
            seconds = Math.min(2 * seconds, LONGEST);
            changed = now;
        } else if (lately < seconds && seconds > 1) {
            seconds--;
        }
    }
}
