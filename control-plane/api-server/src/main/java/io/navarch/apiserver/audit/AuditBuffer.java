package io.navarch.apiserver.audit;

import io.navarch.process.TaskScope;
import io.navarch.process.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Events that wait to go to a target, several at a time. No call ever waits for it: an event for which there is no
/// room is lost and counted. What is on its way takes room too, so that a target that does not answer costs no more
/// memory.
final class AuditBuffer implements AutoCloseable {
    static final String PLUGIN = "buffered";

    private static final String SHUT_DOWN = "audit backend shut down";

    /// Events may be of megabytes, and ten thousand of them wait.
    static final long MOST_BYTES = 64 << 20;

    /// Batches on their way: as many as go in a second and a half by the usual throttle.
    private static final int MOST_SENDING = 16;

    /// How long may be waited for the last ones when the server stops.
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final AuditTarget target;
    private final AuditHandling.Batching batching;
    private final long batchBytes;
    private final AuditLosses losses;
    private final Timers timers;
    private final LongSupplier nanos;
    private final TaskScope scope;
    private final Thread loop;
    private final Semaphore sending = new Semaphore(MOST_SENDING);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    /// When the first of those that wait came.
    private long since;
    /// Of all that wait or are on their way.
    private long bytes;
    private boolean closed;
    /// Only the loop asks: how many batches may go, and when that was so.
    private double allowed;
    private long allowedAt;

    AuditBuffer(AuditTarget target, AuditHandling handling, AuditSurroundings surroundings, TaskScope scope) {
        this.target = target;
        batching = handling.batching();
        batchBytes = handling.truncation().map(AuditHandling.Truncation::batch).orElse(MOST_BYTES);
        losses = surroundings.losses();
        timers = surroundings.timers();
        nanos = surroundings.nanos();
        this.scope = scope;
        allowed = batching.throttle().map(AuditHandling.Throttle::burst).orElse(0);
        allowedAt = nanos.getAsLong();
        loop = scope.start("audit", this::run);
    }

    void take(byte[] event) {
        var refusal = offer(event);
        if (!refusal.isEmpty()) losses.lost(PLUGIN, 1, refusal);
    }

    /// @return why there is no room for it, `""` when there is
    private String offer(byte[] event) {
        lock.lock();
        try {
            if (closed) return SHUT_DOWN;
            if (waiting.size() >= batching.buffer() || bytes + event.length > MOST_BYTES)
                return "audit buffer queue blocked";
            if (waiting.isEmpty()) since = nanos.getAsLong();
            waiting.add(event);
            bytes += event.length;
            // Nobody is woken who would only sleep on.
            if (waiting.size() == 1 || waiting.size() == whole()) changed.signal();
            return "";
        } finally {
            lock.unlock();
        }
    }

    /// So many are sent without waiting for more.
    private int whole() {
        return Math.min(batching.size(), batching.buffer());
    }

    private void run() throws InterruptedException {
        try {
            for (var batch = next(); !batch.isEmpty(); batch = next()) send(batch);
        } finally {
            lock.lock();
            try {
                if (!waiting.isEmpty()) losses.lost(PLUGIN, waiting.size(), SHUT_DOWN);
                waiting.clear();
                closed = true;
            } finally {
                lock.unlock();
            }
        }
    }

    /// @return empty when there is none and nothing more comes
    private List<byte[]> next() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.size() < whole() && !closed) {
                if (waiting.isEmpty()) {
                    changed.await();
                    continue;
                }
                long left = batching.longest().toNanos() - (nanos.getAsLong() - since);
                if (left <= 0) break;
                changed.awaitNanos(left);
            }
            return taken();
        } finally {
            lock.unlock();
        }
    }

    private List<byte[]> taken() {
        var batch = new ArrayList<byte[]>();
        long size = 0;
        while (!waiting.isEmpty() && batch.size() < batching.size()) {
            size += waiting.getFirst().length;
            if (size > batchBytes && !batch.isEmpty()) break;
            batch.add(waiting.removeFirst());
        }
        since = nanos.getAsLong();
        return batch;
    }

    private void throttle() throws InterruptedException {
        if (batching.throttle().isEmpty()) return;
        var throttle = batching.throttle().get();
        while (true) {
            long now = nanos.getAsLong();
            allowed = Math.min(throttle.burst(), allowed + (now - allowedAt) / 1e9 * throttle.qps());
            allowedAt = now;
            if (allowed >= 1) break;
            timers.pause(Duration.ofNanos((long) Math.ceil((1 - allowed) / throttle.qps() * 1e9)));
        }
        allowed--;
    }

    private void send(List<byte[]> batch) throws InterruptedException {
        try {
            throttle();
            if (target.remote()) sending.acquire();
        } catch (InterruptedException e) {
            losses.lost(PLUGIN, batch.size(), SHUT_DOWN);
            throw e;
        }
        if (!target.remote()) {
            delivered(batch);
            return;
        }
        scope.start("audit-batch", () -> {
            try {
                delivered(batch);
            } finally {
                sending.release();
            }
        });
    }

    private void delivered(List<byte[]> batch) throws InterruptedException {
        try {
            target.deliver(batch);
        } finally {
            lock.lock();
            try {
                for (var event : batch) bytes -= event.length;
            } finally {
                lock.unlock();
            }
        }
    }

    /// Sends what is left, as far as there is time; whoever closes the scope afterwards ends the rest.
    @Override
    public void close() {
        long end = System.nanoTime() + CLOSING.toNanos();
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (loop.join(CLOSING))
                sending.tryAcquire(MOST_SENDING, Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
