package io.navarch.agent.decide;

import io.navarch.agent.decide.RuntimeState.Container;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What probes have found out about running containers, by container id.
///
/// @param started those whose startup probe has succeeded, or that have none
/// @param ready those of them whose readiness probe succeeds, or that have none
/// @param failed the failed liveness or startup probe, as it is named in events
public record ProbeResults(Set<String> started, Set<String> ready, Map<String, String> failed) {
    /// All is well with whatever runs.
    public static ProbeResults healthy(RuntimeState state) {
        var running = state.running().stream().map(Container::id).collect(Collectors.toSet());
        return new ProbeResults(running, running, Map.of());
    }

    public boolean started(Container container) {
        return started.contains(container.id());
    }

    public boolean ready(Container container) {
        return ready.contains(container.id());
    }
}
