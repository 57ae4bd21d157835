package io.navarch.store;

import io.navarch.process.Fatal;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what is obsolete, a slice at a time, on a thread of its own that rests most of its time: whoever
/// serves is not to notice. It can be stopped after each slice, and goes on from there.
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /// How many writes are looked at in a slice: well below a millisecond of work.
    private static final int SLICE = 256;

    /// How long it rests at the least and at the most, by the time that it has worked: between a quarter and a
    /// fortieth of a core.
    private static final int LEAST_REST = 3;

    private static final int MOST_REST = 39;

    /// What there is to do is to be done after this time, or more would come than goes.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// What is done in one slice.
    interface Work {
        /// @return how far it is
        long slice(long from, long to, int writes);
    }

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Work work;
    private final LongConsumer finished;
    private final Fatal fatal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long target;
    private long swept;
    /// Why the last slice has failed.
    private @Nullable RuntimeException failure;

    private boolean closed;
    private final Thread thread;

    /// @param finished is told how far all has been done that there was to do
    Sweeper(long swept, long target, Work work, LongConsumer finished, Fatal fatal) {
        this.swept = swept;
        this.target = target;
        this.work = work;
        this.finished = finished;
        this.fatal = fatal;
        thread = Thread.ofPlatform().name("store-sweeper").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Asks for everything to be removed that is obsolete at this revision.
    void request(long upTo) {
        lock.lock();
        try {
            target = Math.max(target, upTo);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it is done.
    ///
    /// @throws StoreClosedException when it will not be done before the next start
    void await(long upTo) {
        lock.lock();
        try {
            while (swept < upTo) {
                if (closed) throw new StoreClosedException();
                var failed = failure;
                if (failed != null) throw new IllegalStateException(failed.getMessage(), failed);
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the store was compacted", e);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                long to = next();
                if (to < 0) return;
                // What it waits for others is no work of its own, and hinders nobody.
                long start = threads.getCurrentThreadCpuTime();
                slice(to);
                rest(pause(threads.getCurrentThreadCpuTime() - start, to - swept));
            }
        } catch (StoreClosedException e) {
            LOG.debug("compaction ends with the store");
        } catch (Throwable e) {
            fatal.end("the compaction of the store", e);
        }
    }

    /// @param worked the nanoseconds that a slice has taken
    /// @param left how many writes are to be looked at yet
    static long pause(long worked, long left) {
        long even = left <= SLICE ? 0 : PATIENCE_NANOS / (left / SLICE);
        return Math.clamp(even, worked * LEAST_REST, worked * MOST_REST);
    }

    /// Where to go, once there is something to do; a negative number for nowhere any more.
    private long next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && target <= swept) changed.await();
            return closed ? -1 : target;
        } finally {
            lock.unlock();
        }
    }

    private void slice(long to) throws InterruptedException {
        try {
            long reached = work.slice(swept, to, SLICE);
            done(reached, null);
            if (reached == to) finished.accept(to);
        } catch (StoreClosedException e) {
            throw e;
        } catch (RuntimeException e) {
            // A full disk passes; damage stays, and is said again each time somebody wants it compacted.
            if (failure == null) LOG.error("the store cannot be compacted now: {}", e.toString());
            done(swept, e);
            rest(RETRY_NANOS);
        }
    }

    private void done(long reached, @Nullable RuntimeException why) {
        lock.lock();
        try {
            if (failure != null && why == null) LOG.info("the store is being compacted again");
            swept = reached;
            failure = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void rest(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = Math.max(nanos, TimeUnit.MICROSECONDS.toNanos(200));
            while (left > 0 && !closed) left = changed.awaitNanos(left);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.await(thread);
    }
}
