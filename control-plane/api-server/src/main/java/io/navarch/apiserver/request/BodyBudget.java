package io.navarch.apiserver.request;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of bodies may be in memory at a time: what is made of a body takes several times as much, and a heap
/// that
/// is full ends everybody's calls. Nobody waits for others' bodies; whoever finds no room comes again.
public final class BodyBudget {
    /// A body's object, its form before and after, and what is written take about so much for each byte.
    private static final int FACTOR = 16;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /// @param most bytes of bodies
    public BodyBudget(long most) {
        this.most = most;
    }

    /// Half of a heap, for bodies and what is made of them.
    public static BodyBudget ofHeap(long heap) {
        return new BodyBudget(heap / 2 / FACTOR);
    }

    /// @return false when there is no room; one body always has it
    boolean take(long bytes) {
        while (true) {
            long now = taken.get();
            if (now > 0 && now + bytes > most) return false;
            if (taken.compareAndSet(now, now + bytes)) return true;
        }
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /// Bytes that are taken.
    public long taken() {
        return taken.get();
    }
}
