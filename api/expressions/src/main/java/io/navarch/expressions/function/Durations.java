package io.navarch.expressions.function;

import java.math.BigDecimal;
import java.time.Duration;

/// Lengths of time: as many nanoseconds as 64 bits can count.
final class Durations {
    private Durations() {}

    /// @throws ArithmeticException when it is too long
    static Duration checked(Duration duration) {
        return Duration.ofNanos(duration.toNanos());
    }

    /// In seconds, as expressions see it as a text.
    static String text(Duration duration) {
        var seconds = BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros();
        return (seconds.signum() == 0 ? "0" : seconds.toPlainString()) + "s";
    }
}
