package io.navarch.agent.decide;

import io.navarch.agent.decide.RuntimeState.Container;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What probes, and the hooks after their start, have found out about running containers, by container id.
///
/// @param started those whose startup probe has succeeded, or that have none
/// @param ready those of them whose readiness probe succeeds, or that have none
/// @param failed what those failed that are to be killed for it: a probe, as it is named in events, or [#POST_START]
public record ProbeResults(Set<String> started, Set<String> ready, Map<String, String> failed) {
    public static final String POST_START = "FailedPostStartHook";
    public static final String STARTUP = "startup probe";
    public static final String LIVENESS = "liveness probe";

    /// All is well with whatever runs.
    public static ProbeResults healthy(RuntimeState state) {
        var running = state.running().stream().map(Container::id).collect(Collectors.toSet());
        return new ProbeResults(running, running, Map.of());
    }

    /// @param hooks ids of containers whose hook after the start failed
    public ProbeResults withFailedHooks(Set<String> hooks) {
        if (hooks.isEmpty()) return this;
        var all = new HashMap<>(failed);
        hooks.forEach(id -> all.put(id, POST_START));
        return new ProbeResults(started, ready, Map.copyOf(all));
    }

    public boolean started(Container container) {
        return started.contains(container.id());
    }

    public boolean ready(Container container) {
        return ready.contains(container.id());
    }
}
