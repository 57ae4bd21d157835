package io.navarch.resourcemetrics;

import java.time.Instant;

/// What a node or a container had taken at some time.
///
/// @param start when it began to take anything; the epoch for nodes
/// @param time when this was read of the processor's counter
/// @param cpuNanos of processor time since the start
/// @param memory its working set, in bytes
record Reading(Instant start, Instant time, long cpuNanos, long memory) {
    /// The same container when it had taken nothing yet.
    Reading atItsStart() {
        return new Reading(start, start, 0, memory);
    }
}
