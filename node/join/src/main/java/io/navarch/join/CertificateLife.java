package io.navarch.join;

import java.time.Duration;
import java.time.Instant;

/// From when to when a certificate holds.
record CertificateLife(Instant from, Instant to) {
    /// A certificate is renewed long before its end, and not by all nodes at once.
    private static final double EARLIEST = 0.7;

    private static final double SPREAD = 0.2;

    boolean holds(Instant now) {
        return !now.isBefore(from) && now.isBefore(to);
    }

    /// @param share from 0 to 1: where between 70 and 90 % of its life it is renewed
    Instant renewal(double share) {
        var whole = Duration.between(from, to);
        return from.plusMillis(Math.round(whole.toMillis() * (EARLIEST + SPREAD * share)));
    }
}
