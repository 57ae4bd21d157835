package io.navarch.agent.act;

import io.navarch.objects.ObjectKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How often containers were probed, and with what result.
public final class ProbeCounts {
    /// @param type `Startup`, `Liveness` or `Readiness`
    /// @param result `successful`, `failed` or `unknown`
    public record Series(ObjectKey pod, String uid, String container, String type, String result) {}

    private final Map<Series, LongAdder> counts = new ConcurrentHashMap<>();

    void add(Series series) {
        counts.computeIfAbsent(series, key -> new LongAdder()).increment();
    }

    void forget(String uid) {
        counts.keySet().removeIf(series -> series.uid.equals(uid));
    }

    public Map<Series, Long> all() {
        var all = new ConcurrentHashMap<Series, Long>();
        counts.forEach((series, count) -> all.put(series, count.sum()));
        return all;
    }
}
