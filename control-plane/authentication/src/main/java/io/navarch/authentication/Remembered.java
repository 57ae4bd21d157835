package io.navarch.authentication;

import io.navarch.process.LruMap;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Answers that count for a while; of many, those that were asked for last are kept.
final class Remembered<V> {
    private static final int MOST = 4096;

    private record Entry<V>(V value, Instant until) {}

    private final Map<String, Entry<V>> entries = new LruMap<>(MOST);

    synchronized Optional<V> at(String key, Instant now) {
        return Optional.ofNullable(entries.get(key))
                .filter(entry -> entry.until.isAfter(now))
                .map(Entry::value);
    }

    synchronized void put(String key, V value, Instant until) {
        entries.put(key, new Entry<>(value, until));
    }
}
