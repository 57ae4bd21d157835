package io.navarch.resourcemetrics;

import io.navarch.resourcemetrics.UsageBucket.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/// What has been read since some minutes began. However many nodes and pods there are, so many are kept: of pods those
/// that took most.
final class BucketDraft {
    /// More than one control plane serves.
    private static final int MOST_NODES = 500;

    /// Of processors, and as many of memory.
    private static final int MOST_PODS = 100;

    private static final class Sum {
        private long cpu;
        private long memory;
        private int rounds;

        private void add(Taken taken) {
            cpu += taken.cpu();
            memory += taken.memory();
            rounds++;
        }

        private Taken average() {
            return new Taken(cpu / rounds, memory / rounds);
        }
    }

    final Instant time;
    private final Map<String, Sum> nodes = new HashMap<>();
    private final Map<String, Sum> pods = new HashMap<>();
    private long seconds;
    private long calls;

    BucketDraft(Instant time) {
        this.time = time;
    }

    /// @param answered calls since the last round
    /// @param passed since the last round
    void add(Map<String, Taken> ofNodes, Map<String, Taken> ofPods, long answered, Duration passed) {
        seconds += passed.toSeconds();
        calls += answered;
        ofNodes.forEach((name, taken) -> {
            if (nodes.containsKey(name) || nodes.size() < MOST_NODES)
                nodes.computeIfAbsent(name, key -> new Sum()).add(taken);
        });
        for (var name : most(ofPods))
            pods.computeIfAbsent(name, key -> new Sum()).add(ofPods.getOrDefault(name, new Taken(0, 0)));
    }

    /// Those that take most, and those that did earlier, as long as they are not too many.
    private Set<String> most(Map<String, Taken> taken) {
        var names = new HashSet<String>();
        names.addAll(top(taken, Taken::cpu));
        names.addAll(top(taken, Taken::memory));
        // In every round others may be first.
        names.removeIf(name -> !pods.containsKey(name) && pods.size() >= 10 * MOST_PODS);
        for (var name : pods.keySet()) if (taken.containsKey(name)) names.add(name);
        return names;
    }

    private static Set<String> top(Map<String, Taken> taken, ToLongFunction<Taken> by) {
        var names = new HashSet<String>();
        taken.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Taken> each) -> by.applyAsLong(each.getValue()))
                        .reversed()
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST_PODS)
                .forEach(each -> names.add(each.getKey()));
        return names;
    }

    UsageBucket bucket() {
        var ofPods = averages(pods);
        var names = top(ofPods, Taken::cpu);
        names.addAll(top(ofPods, Taken::memory));
        ofPods.keySet().retainAll(names);
        return new UsageBucket(time, (int) Math.max(1, seconds), calls, averages(nodes), ofPods);
    }

    private static Map<String, Taken> averages(Map<String, Sum> sums) {
        var averages = new HashMap<String, Taken>();
        sums.forEach((name, sum) -> averages.put(name, sum.average()));
        return averages;
    }
}
