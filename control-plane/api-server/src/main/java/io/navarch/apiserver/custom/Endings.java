package io.navarch.apiserver.custom;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Definitions that go, and when to look at each of them again: a look takes as long as there are objects, and what
/// finalizers hold may stay for days.
final class Endings {
    /// How often at the most.
    static final Duration OFTEN = Duration.ofMillis(200);

    /// How often at the least.
    static final Duration SELDOM = Duration.ofSeconds(5);

    /// Looking takes no larger part of the time than one of so many.
    private static final int PART = 20;

    private final Map<String, Instant> next = new LinkedHashMap<>();

    boolean isEmpty() {
        return next.isEmpty();
    }

    void add(String name) {
        next.putIfAbsent(name, Instant.MIN);
    }

    void remove(String name) {
        next.remove(name);
    }

    List<String> due(Instant now) {
        return next.entrySet().stream()
                .filter(each -> !each.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Nothing could be done but look, from one time to another.
    void held(String name, Instant from, Instant to) {
        var pause = Duration.between(from, to).multipliedBy(PART);
        if (pause.compareTo(OFTEN) < 0) pause = OFTEN;
        if (pause.compareTo(SELDOM) > 0) pause = SELDOM;
        var until = to.plus(pause);
        next.computeIfPresent(name, (key, before) -> until);
    }
}
