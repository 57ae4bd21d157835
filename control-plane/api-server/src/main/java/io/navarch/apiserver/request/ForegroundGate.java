package io.navarch.apiserver.request;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Calls from outside that wait for an answer. What the process tells itself at its start, which is everything there
/// is, gives way to them for a while: a client's first list need not wait for what only controllers are in no hurry
/// for.
public final class ForegroundGate {
    private static final long STEP_MILLIS = 5;

    private final AtomicInteger waiting = new AtomicInteger();

    public void enter() {
        waiting.incrementAndGet();
    }

    public void leave() {
        waiting.decrementAndGet();
    }

    /// Waits while there are such calls, as long as there is patience for it.
    ///
    /// @return what is left of the patience
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
