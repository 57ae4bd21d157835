package io.navarch.apiserver.request;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts calls from outside that wait for an answer. The process's own informers, which read everything at its start,
/// give way to them for a while: a client's first list should not wait for controllers that are in no hurry.
public final class ForegroundGate {
    private static final long STEP_MILLIS = 5;

    private final AtomicInteger waiting = new AtomicInteger();

    public void enter() {
        waiting.incrementAndGet();
    }

    public void leave() {
        waiting.decrementAndGet();
    }

    /// Waits while there are such calls, until patience runs out.
    ///
    /// @return the patience that is left
    public Duration giveWay(Duration patience) throws InterruptedException {
        long began = System.nanoTime();
        var left = patience;
        while (waiting.get() > 0 && left.isPositive()) {
            Thread.sleep(STEP_MILLIS);
            left = patience.minusNanos(System.nanoTime() - began);
        }
        return left;
    }
}
