package io.navarch.process;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How much may be under way at a time: of everybody together, and of each by itself, so that one who asks for
/// everything leaves something for the others. Nobody waits: whoever finds no slot is told so.
///
/// @param <K> on whose account a slot is taken; who holds none is not remembered
public final class Slots<K> {
    /// What was taken; giving it back a second time does nothing.
    public interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    private final int most;
    private final int mostOfOne;
    private final Map<K, Integer> taken = new HashMap<>();
    private int total;

    public Slots(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /// Empty when there are no more.
    public synchronized Optional<Slot> take(K key) {
        int own = taken.getOrDefault(key, 0);
        if (total >= most || own >= mostOfOne) return Optional.empty();
        total++;
        taken.put(key, own + 1);
        return Optional.of(new Slot() {
            private boolean given;

            @Override
            public void close() {
                synchronized (Slots.this) {
                    if (given) return;
                    given = true;
                    give(key);
                }
            }
        });
    }

    private void give(K key) {
        total--;
        taken.computeIfPresent(key, (each, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    public synchronized int taken() {
        return total;
    }
}
