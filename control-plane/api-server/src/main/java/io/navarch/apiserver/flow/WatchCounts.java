package io.navarch.apiserver.flow;

import io.navarch.apiserver.request.RequestInfo;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How many watches a change will have to be sent to.
final class WatchCounts {
    private record Watched(String group, String resource, String namespace, String name) {}

    private final Map<Watched, Integer> counts = new ConcurrentHashMap<>();

    /// @return what ends the watch
    Runnable begin(RequestInfo info) {
        var watched = new Watched(info.group(), info.resource(), info.namespace(), info.name());
        counts.merge(watched, 1, Integer::sum);
        return () -> counts.computeIfPresent(watched, (each, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /// Those that watch the object, its namespace, or everything.
    int of(RequestInfo info) {
        if (counts.isEmpty()) return 0;
        int all = count(info, "", "");
        if (!info.namespace().isEmpty()) all += count(info, info.namespace(), "");
        if (!info.name().isEmpty()) {
            all += count(info, "", info.name());
            if (!info.namespace().isEmpty()) all += count(info, info.namespace(), info.name());
        }
        return all;
    }

    private int count(RequestInfo info, String namespace, String name) {
        return counts.getOrDefault(new Watched(info.group(), info.resource(), namespace, name), 0);
    }
}
