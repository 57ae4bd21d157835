package io.navarch.agent.decide;

import io.navarch.agent.decide.RuntimeState.Container;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How often in a row each container of a pod has ended.
///
/// @param byName the last end that was counted, and the count then
public record Crashes(Map<String, Count> byName) {
    public static final Crashes NONE = new Crashes(Map.of());

    /// A container that ran this long begins a new row when it ends.
    private static final Duration STABLE = Duration.ofMinutes(10);

    /// More than this many restarts do not make the wait any longer.
    private static final int LONGEST_ROW = 6;

    public record Count(String containerId, int ends) {}

    public int of(String name) {
        var count = byName.get(name);
        return count == null ? 0 : count.ends();
    }

    /// The counts once the latest ends in `state` are in. Each end counts once, however often it is seen.
    public Crashes with(RuntimeState state) {
        @Nullable Map<String, Count> next = null;
        for (var container : state.containers()) {
            var name = container.name();
            boolean latest = state.latest(name).filter(container::equals).isPresent();
            var known = byName.get(name);
            boolean counted = known != null && known.containerId().equals(container.id());
            if (!latest || !container.exited() || counted) continue;
            // An agent that has just started knows no more of the past than the attempt.
            int before = known == null ? Math.min(container.attempt(), LONGEST_ROW) : known.ends();
            if (next == null) next = new HashMap<>(byName);
            next.put(name, new Count(container.id(), stable(container) ? 1 : before + 1));
        }
        return next == null ? this : new Crashes(Map.copyOf(next));
    }

    private static boolean stable(Container ended) {
        return ended.started()
                .filter(start -> Duration.between(start, ended.finished()).compareTo(STABLE) > 0)
                .isPresent();
    }
}
