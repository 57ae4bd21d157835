package io.navarch.resourcemetrics;

import io.navarch.objects.Quantity;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What was taken on average between two readings.
///
/// @param time of the second one
/// @param window between them
/// @param cpu in billionths of a processor
/// @param memory as it was at the second one, in bytes
record Usage(Instant time, Duration window, long cpu, long memory) {
    private static final double SECOND = 1e9;

    /// Empty when the counters do not belong together.
    static Optional<Usage> between(Reading before, Reading now) {
        var window = Duration.between(before.time(), now.time());
        long taken = now.cpuNanos() - before.cpuNanos();
        if (now.start().isBefore(before.start()) || taken < 0 || !window.isPositive()) return Optional.empty();
        return Optional.of(new Usage(now.time(), window, (long) (taken * SECOND / window.toNanos()), now.memory()));
    }

    Quantity cores() {
        return new Quantity(BigDecimal.valueOf(cpu, 9), Quantity.Format.DECIMAL);
    }

    Quantity bytes() {
        return new Quantity(BigDecimal.valueOf(memory), Quantity.Format.BINARY);
    }
}
