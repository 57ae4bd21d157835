package io.navarch.agent.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers so much and no more, and each for a while; what was asked for least lately is forgotten first.
final class ExpiringMap<K, V> {
    /// What was kept at a time that is still to come was kept before the clock was set back: nobody knows how old it
    /// is.
    private record Held<T>(T value, Instant since, Instant until) {
        boolean holds(Instant now) {
            return !now.isBefore(since) && now.isBefore(until);
        }
    }

    private final int most;
    private final InstantSource clock;
    private final Map<K, Held<V>> held = new LinkedHashMap<>(16, 0.75f, true);

    ExpiringMap(int most, InstantSource clock) {
        this.most = most;
        this.clock = clock;
    }

    synchronized Optional<V> get(K key) {
        var found = held.get(key);
        if (found == null) return Optional.empty();
        if (found.holds(clock.instant())) return Optional.of(found.value);
        held.remove(key);
        return Optional.empty();
    }

    synchronized void put(K key, V value, Duration holds) {
        var now = clock.instant();
        held.put(key, new Held<>(value, now, now.plus(holds)));
        if (held.size() > most) held.remove(held.keySet().iterator().next());
    }

    synchronized int size() {
        return held.size();
    }
}
