package io.navarch.process.pages;

import java.util.Optional;
import java.util.function.Supplier;

/// One thing by which it is known whether a part is healthy.
///
/// @param failure why it is not; empty when it is
public record HealthCheck(String name, Supplier<Optional<String>> failure) {
    /// Whoever answers at all passes it.
    public static final HealthCheck PING = new HealthCheck("ping", Optional::empty);

    /// Fails until something has happened.
    public static HealthCheck that(String name, Supplier<Boolean> happened, String otherwise) {
        return new HealthCheck(name, () -> happened.get() ? Optional.empty() : Optional.of(otherwise));
    }
}
