package io.navarch.agent.decide;

import io.navarch.agent.decide.EvictionThresholds.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// What the node is short of. A shortage counts for a while after it was last seen, so that pods do not come
/// and go with each file that is written or deleted.
///
/// @param lastSeen when it was last seen, of those that still count
/// @param now when it was last looked
public record NodePressure(Map<Pressure, Instant> lastSeen, Instant now) {
    public static final NodePressure NONE = new NodePressure(Map.of(), Instant.EPOCH);

    /// @param met of what too little is left now
    /// @param transition how long a shortage counts
    public NodePressure next(Set<Threshold> met, Duration transition, Instant time) {
        var next = new EnumMap<Pressure, Instant>(Pressure.class);
        lastSeen.forEach((pressure, seen) -> {
            // Not by a clock that was set back meanwhile.
            var known = seen.isAfter(time) ? time : seen;
            if (Duration.between(known, time).compareTo(transition) < 0) next.put(pressure, known);
        });
        for (var pressure : EvictionThresholds.pressures(met)) next.put(pressure, time);
        return new NodePressure(next, time);
    }

    public Set<Pressure> present() {
        var present = EnumSet.noneOf(Pressure.class);
        present.addAll(lastSeen.keySet());
        return present;
    }
}
