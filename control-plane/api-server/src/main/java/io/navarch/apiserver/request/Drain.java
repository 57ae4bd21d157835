package io.navarch.apiserver.request;

import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// How the server stops: it takes no further calls, finishes those under way, and ends watches as if their time
/// were up, so that clients resume elsewhere from where they were.
public final class Drain {
    /// Without a lock, which every call would take twice. [#await] sleeps on the monitor.
    private final AtomicInteger running = new AtomicInteger();

    private volatile boolean begun;

    public boolean begun() {
        return begun;
    }

    /// Counts a call in; false once the server is stopping.
    public boolean enter() {
        running.incrementAndGet();
        if (!begun) return true;
        leave();
        return false;
    }

    /// What a call is answered that comes too late: clients retry, by then with another server.
    public static ApiException refusal() {
        return new ApiException(
                ApiException.Reason.TOO_MANY_REQUESTS,
                "The apiserver is shutting down, please try again later.",
                StatusDetails.builder().retryAfterSeconds(5).map());
    }

    public void leave() {
        if (running.decrementAndGet() > 0 || !begun) return;
        synchronized (this) {
            notifyAll();
        }
    }

    public void begin() {
        begun = true;
    }

    /// Waits until all calls have ended; false when some did not in time.
    public synchronized boolean await(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (running.get() > 0) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) return false;
            wait(left);
        }
        return true;
    }
}
