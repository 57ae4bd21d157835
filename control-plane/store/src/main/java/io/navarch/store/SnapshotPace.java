package io.navarch.store;

import io.navarch.process.TaskScope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.BooleanSupplier;

/// A snapshot beside others' work: it rests as long as it has worked, and ends with the store.
final class SnapshotPace implements StoreSnapshot.Pace {
    private static final int PART = 1 << 20;
    private static final long MILLION = 1_000_000;

    /// Whoever takes what is written may be slow: that is a rest as well.
    private static final long LONGEST_REST_MILLIS = 50;

    private final BooleanSupplier closed;
    private long began = System.nanoTime();
    private int bytes;

    SnapshotPace(BooleanSupplier closed) {
        this.closed = closed;
    }

    @Override
    public void written(int more) throws IOException {
        if (closed.getAsBoolean()) throw new StoreClosedException();
        bytes += more;
        if (bytes < PART) return;
        bytes = 0;
        try {
            TaskScope.pause(Math.clamp((System.nanoTime() - began) / MILLION, 1, LONGEST_REST_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        began = System.nanoTime();
    }
}
