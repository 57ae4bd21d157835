package io.navarch.agent.decide;

import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.decide.EvictionThresholds.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a node is short of, and for how long: what its conditions say, and whether pods have to go.
///
/// @param since when each threshold was first met, of those that are
/// @param starved those of which the time of grace is over; they stay until enough is reclaimed
/// @param pressure what the conditions say
public record NodeShortage(Map<Threshold, Instant> since, Set<Threshold> starved, NodePressure pressure) {
    public static final NodeShortage NONE = new NodeShortage(Map.of(), Set.of(), NodePressure.NONE);

    /// @param transition how long a shortage counts after it was last seen
    public NodeShortage next(
            EvictionThresholds thresholds, Map<Signal, Observation> observed, Duration transition, Instant now) {
        var met = new HashSet<>(thresholds.met(observed));
        met.addAll(EvictionThresholds.met(starved, observed, true));
        var nextSince = new HashMap<Threshold, Instant>();
        var nextStarved = new HashSet<Threshold>();
        for (var threshold : met) {
            var first = since.getOrDefault(threshold, now);
            // Not by a clock that was set back meanwhile.
            if (first.isAfter(now)) first = now;
            nextSince.put(threshold, first);
            if (Duration.between(first, now).compareTo(threshold.grace()) >= 0) nextStarved.add(threshold);
        }
        return new NodeShortage(Map.copyOf(nextSince), Set.copyOf(nextStarved), pressure.next(met, transition, now));
    }

    /// What pods have to go for, memory first; of two thresholds of one thing the hard one.
    public List<Threshold> urgent() {
        return starved.stream()
                .sorted(Comparator.<Threshold>comparingInt(
                                each -> each.signal().resource().equals("memory") ? 0 : 1)
                        .thenComparing(Threshold::signal)
                        .thenComparing(Threshold::grace))
                .toList();
    }
}
