package io.navarch.process;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// How many lines of a sort may be logged: whoever calls often enough would fill the disk.
public final class LogRate {
    private final double perSecond;
    private final int burst;
    private final LongSupplier nanos;
    private double allowed;
    private long at;
    private long left;

    /// @param burst lines at once, when none went before
    /// @param nanos of a clock that nobody can set
    public LogRate(double perSecond, int burst, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanos = nanos;
        allowed = burst;
        at = nanos.getAsLong();
    }

    /// Asks for a line.
    ///
    /// @return how many were left out since the last one; empty when this one is
    public synchronized OptionalLong next() {
        long now = nanos.getAsLong();
        allowed = Math.min(burst, allowed + (now - at) / 1e9 * perSecond);
        at = now;
        if (allowed < 1) {
            left++;
            return OptionalLong.empty();
        }
        allowed--;
        long before = left;
        left = 0;
        return OptionalLong.of(before);
    }
}
