package io.navarch.apiserver.audit;

import java.time.Duration;
import java.util.Optional;

/// How events come to where they go.
///
/// @param batching of use in batch mode
/// @param truncation what is done to long events; empty: nothing
public record AuditHandling(AuditMode mode, Batching batching, Optional<Truncation> truncation) {
    /// @param buffer events that wait at most; further ones are lost
    /// @param size of a batch at most
    /// @param longest how long an event waits for others
    /// @param throttle how fast batches may go; empty: as they come
    public record Batching(int buffer, int size, Duration longest, Optional<Throttle> throttle) {}

    /// @param qps batches a second
    /// @param burst so many at once, when none went before
    public record Throttle(double qps, int burst) {}

    /// Bytes of JSON.
    public record Truncation(long event, long batch) {}
}
