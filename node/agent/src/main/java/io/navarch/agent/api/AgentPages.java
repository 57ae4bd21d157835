package io.navarch.agent.api;

import io.navarch.process.Metrics;
import io.navarch.process.pages.ComponentPages;
import io.navarch.process.pages.HealthCheck;
import io.navarch.process.pages.HealthPages;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What is needed for the agent to tell of itself.
///
/// @param flags with which it was started
/// @param lists for how long nobody has begun to list what runs
/// @param evictions how many pods were ended because the node had to, by what for
public record AgentPages(
        String version,
        Map<String, String> flags,
        Metrics metrics,
        Supplier<Duration> lists,
        Supplier<Map<String, Long>> evictions) {
    /// Whoever has not listed for so long hangs.
    private static final Duration LATE = Duration.ofMinutes(3);

    ComponentPages pages() {
        var listing = new HealthCheck(
                "syncloop",
                () -> lists.get().compareTo(LATE) < 0
                        ? Optional.empty()
                        : Optional.of("sync Loop took longer than expected"));
        var log = new HealthCheck("log", Optional::empty);
        return new ComponentPages(
                new ComponentPages.Component("kubelet", version, flags, false),
                metrics,
                new HealthPages(Map.of("healthz", List.of(HealthCheck.PING, log, listing))));
    }
}
