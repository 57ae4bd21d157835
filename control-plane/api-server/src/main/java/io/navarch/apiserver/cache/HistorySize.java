package io.navarch.apiserver.cache;

import io.navarch.store.Store;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How much history there is, weighed while it is being made: much of it in a short time is to be forgotten before its
/// time has come, or it would fill the disk.
final class HistorySize {
    private static final int PARTS = 8;

    /// What an entry weighs besides its key and value.
    private static final long OVERHEAD = 200;

    private final long part;
    /// The revisions at which each further part was complete.
    private final ArrayDeque<Long> marks = new ArrayDeque<>();
    private final Semaphore full = new Semaphore(0);
    private long bytes;

    /// @param limit how many bytes are too many
    HistorySize(long limit) {
        part = limit / PARTS;
    }

    synchronized void add(Store.Event event) {
        var value = event.value();
        bytes += OVERHEAD + event.key().length() + (value == null ? 0 : value.length);
        if (bytes < part) return;
        bytes = 0;
        marks.add(event.revision());
        if (marks.size() >= PARTS) full.release();
    }

    /// Waits until there is too much.
    boolean await(long millis) throws InterruptedException {
        return full.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    /// The revision up to which the older half of it reaches; 0 for none.
    synchronized long half() {
        if (marks.size() < PARTS) return 0;
        return marks.stream().skip(marks.size() / 2 - 1).findFirst().orElseThrow();
    }

    synchronized void forgotten(long revision) {
        marks.removeIf(mark -> mark <= revision);
        if (marks.size() < PARTS) full.drainPermits();
    }
}
