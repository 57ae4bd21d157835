package io.navarch.resourcemetrics;

import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The last two readings of every node and container, and what they come to. A value: each round makes a new one.
///
/// Source: https://github.com/kubernetes-sigs/metrics-server (which readings are kept, and when something is told)
record UsageHistory(
        Map<String, Reading> lastNodes,
        Map<String, Reading> formerNodes,
        Map<ObjectKey, Map<String, Reading>> last,
        Map<ObjectKey, Map<String, Reading>> former) {
    static final UsageHistory EMPTY = new UsageHistory(Map.of(), Map.of(), Map.of(), Map.of());

    /// Before, what a container takes while it starts would be told as what it takes.
    private static final Duration YOUNGEST = Duration.ofSeconds(10);

    /// What a pod takes.
    ///
    /// @param earliest of its containers' usages
    /// @param containers by name, in the order of these
    record PodUsage(Usage earliest, Map<String, Usage> containers) {}

    /// With what was read in one more round. Of a node that did not answer nothing is known any more.
    ///
    /// @param resolution how far rounds are apart
    UsageHistory next(Map<String, Reading> nodes, Map<ObjectKey, Map<String, Reading>> pods, Duration resolution) {
        var former = new HashMap<String, Reading>();
        nodes.forEach((name, now) -> before(now, lastNodes.get(name), formerNodes.get(name))
                .ifPresent(reading -> former.put(name, reading)));
        var formerPods = new HashMap<ObjectKey, Map<String, Reading>>();
        pods.forEach((key, containers) -> {
            var known = last.getOrDefault(key, Map.of());
            var knownBefore = this.former.getOrDefault(key, Map.of());
            var own = new HashMap<String, Reading>();
            containers.forEach((name, now) -> before(now, known.get(name), knownBefore.get(name), resolution)
                    .ifPresent(reading -> own.put(name, reading)));
            formerPods.put(key, own);
        });
        return new UsageHistory(nodes, former, pods, formerPods);
    }

    private static Optional<Reading> before(
            Reading now, @Nullable Reading last, @Nullable Reading former, Duration resolution) {
        var age = Duration.between(now.start(), now.time());
        if (age.compareTo(YOUNGEST) >= 0 && age.compareTo(resolution) < 0) return Optional.of(now.atItsStart());
        // It has been started again since.
        if (last == null || !now.start().isBefore(last.time())) return Optional.empty();
        return before(now, last, former);
    }

    private static Optional<Reading> before(Reading now, @Nullable Reading last, @Nullable Reading former) {
        if (last == null) return Optional.empty();
        if (now.time().isAfter(last.time())) return Optional.of(last);
        // Nothing new: what was told is still true.
        return former != null && former.time().isBefore(now.time()) ? Optional.of(former) : Optional.empty();
    }

    Optional<Usage> node(String name) {
        return usage(formerNodes.get(name), lastNodes.get(name));
    }

    /// Empty as long as not all of its containers were read twice.
    Optional<PodUsage> pod(ObjectKey key) {
        var containers = last.getOrDefault(key, Map.of());
        if (containers.isEmpty()) return Optional.empty();
        var usages = new TreeMap<String, Usage>();
        for (var each : containers.entrySet()) {
            var before = former.getOrDefault(key, Map.of()).get(each.getKey());
            if (before == null) return Optional.empty();
            usage(before, each.getValue()).ifPresent(usage -> usages.put(each.getKey(), usage));
        }
        return usages.values().stream()
                .min((one, other) -> one.time().compareTo(other.time()))
                .map(earliest -> new PodUsage(earliest, usages));
    }

    private static Optional<Usage> usage(@Nullable Reading before, @Nullable Reading now) {
        return before == null || now == null ? Optional.empty() : Usage.between(before, now);
    }
}
