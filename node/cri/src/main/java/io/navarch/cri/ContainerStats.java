package io.navarch.cri;

import java.time.Instant;
import java.util.Map;

/// What a running container uses.
///
/// @param writtenBytes into its own layer
/// @param writtenInodes in its own layer
public record ContainerStats(
        String id,
        Map<String, String> labels,
        Instant cpuTime,
        long cpuNanos,
        Instant memoryTime,
        long workingSetBytes,
        long writtenBytes,
        long writtenInodes) {}
