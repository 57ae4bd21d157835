package io.navarch.agent.stats;

import io.navarch.agent.cgroups.CgroupUsage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// How much of a processor groups took between two looks at them.
final class Rates {
    /// Between looks that are closer the clock and the counter differ too much.
    private static final Duration LEAST = Duration.ofSeconds(1);

    private record Seen(CgroupUsage usage, long nanoCores) {}

    private final Map<String, Seen> last = new HashMap<>();

    /// Negative when it was not looked at before.
    long next(String name, CgroupUsage now) {
        var before = last.get(name);
        long rate = before == null ? -1 : rate(before, now);
        if (before == null || rate != before.nanoCores || old(before, now)) last.put(name, new Seen(now, rate));
        return rate;
    }

    private static boolean old(Seen before, CgroupUsage now) {
        return Duration.between(before.usage.time(), now.time()).compareTo(LEAST) >= 0;
    }

    private static long rate(Seen before, CgroupUsage now) {
        var length = Duration.between(before.usage.time(), now.time());
        long nanos = now.cpu().nanos() - before.usage.cpu().nanos();
        // A counter that went back is another group's of the same name.
        if (length.compareTo(LEAST) < 0 || nanos < 0) return before.nanoCores;
        return (long) (nanos * 1e9 / length.toNanos());
    }

    void keepOnly(Set<String> names) {
        last.keySet().retainAll(names);
    }
}
