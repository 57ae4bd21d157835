package io.navarch.process;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Answers that count for a while; of many, those that were asked for last are kept.
public final class Remembered<V> {
    private record Entry<V>(V value, Instant until) {}

    private final Map<String, Entry<V>> entries;

    public Remembered(int most) {
        entries = new LruMap<>(most);
    }

    public synchronized Optional<V> at(String key, Instant now) {
        return Optional.ofNullable(entries.get(key))
                .filter(entry -> entry.until.isAfter(now))
                .map(Entry::value);
    }

    public synchronized void put(String key, V value, Instant until) {
        entries.put(key, new Entry<>(value, until));
    }
}
