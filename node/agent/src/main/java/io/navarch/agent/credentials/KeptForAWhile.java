package io.navarch.agent.credentials;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What counts for a while; of too many nothing is kept.
final class KeptForAWhile<K, V> {
    private static final int MOST = 10_000;

    private record Kept<V>(V value, Instant since, Instant until) {
        /// Not what was before the clock was set back.
        boolean holds(Instant now) {
            return !now.isBefore(since) && !now.isAfter(until);
        }
    }

    private final Map<K, Kept<V>> all = new ConcurrentHashMap<>();

    Optional<V> at(K key, Instant now) {
        return Optional.ofNullable(all.get(key)).filter(kept -> kept.holds(now)).map(Kept::value);
    }

    void put(K key, V value, Instant now, Instant until) {
        makeRoom(now);
        all.put(key, new Kept<>(value, now, until));
    }

    /// Unless somebody else has put one there meanwhile, which is then everybody's.
    ///
    /// @return what is there
    V putFirst(K key, V value, Instant now, Instant until) {
        makeRoom(now);
        return all.merge(key, new Kept<>(value, now, until), (other, mine) -> other.holds(now) ? other : mine)
                .value();
    }

    private void makeRoom(Instant now) {
        if (all.size() >= MOST) all.values().removeIf(kept -> !kept.holds(now));
        if (all.size() >= MOST) all.clear();
    }
}
