package io.navarch.apiserver.request;

import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import java.time.Duration;

/// How the server stops: no further calls are taken, those under way are finished, and watches end as if their time
/// were up, so that clients go on elsewhere from where they were.
public final class Drain {
    private int running;
    private volatile boolean begun;

    public boolean begun() {
        return begun;
    }

    /// Counts a call in.
    ///
    /// @throws ApiException 429 once the server stops; clients try again, then with another server
    public synchronized void enter() {
        if (begun) {
            throw new ApiException(
                    ApiException.Reason.TOO_MANY_REQUESTS,
                    "The apiserver is shutting down, please try again later.",
                    Trees.map("retryAfterSeconds", 5L));
        }
        running++;
    }

    public synchronized void leave() {
        running--;
        notifyAll();
    }

    public void begin() {
        begun = true;
    }

    /// Waits until all calls have ended; false when some did not in time.
    public synchronized boolean await(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (running > 0) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) return false;
            wait(left);
        }
        return true;
    }
}
