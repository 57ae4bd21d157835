package io.navarch.cri;

import java.time.Instant;
import java.util.Map;

/// What a running container uses.
public record ContainerStats(
        Map<String, String> labels, Instant cpuTime, long cpuNanos, Instant memoryTime, long workingSetBytes) {}
