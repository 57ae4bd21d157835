package io.navarch.apiserver.request;

import io.navarch.process.Timers;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Where work goes that turns out to be long, such as a list of everything: calls run on as many threads as there are
/// processors and are not interrupted, so that a few long ones would hold all others up.
///
/// A call's first millisecond is its own. Whatever takes longer goes on in slices, for which there are fewer places
/// than processors, and whoever has had a slice goes to the end of the line. While others want short answers, the lane
/// rests six times as long as it has worked, encryption included: what it takes of the machine is bounded, and so is
/// what those take of it who read what it sends.
public final class SlowLane {
    private static final long SLICE = 1_000_000;
    private static final int REST = 6;

    /// What it takes others to encrypt a byte, in ns: an event loop does that, and whoever reads it as much again.
    private static final long BYTE = 3;

    /// Whoever had a short answer just now will want the next one.
    private static final long RECENT = 5_000_000;

    /// A slice may have waited for others as well; nobody is punished for that without end.
    private static final long LONGEST_REST = 20_000_000;

    private final Semaphore places;
    private final AtomicInteger shortOnes = new AtomicInteger();
    private volatile long lastShort;
    private final LongSupplier nanoTime;
    private final Timers timers;

    /// @param places how many may work at a time
    public SlowLane(int places, LongSupplier nanoTime, Timers timers) {
        this.places = new Semaphore(places, true);
        this.nanoTime = nanoTime;
        this.timers = timers;
        lastShort = nanoTime.getAsLong() - RECENT;
    }

    /// A call begins that is expected to be short.
    public void enterShort() {
        shortOnes.incrementAndGet();
    }

    public void leaveShort() {
        lastShort = nanoTime.getAsLong();
        shortOnes.decrementAndGet();
    }

    private boolean shortWanted() {
        return shortOnes.get() > 0 || nanoTime.getAsLong() - lastShort < RECENT;
    }

    /// The work of a call that may turn out to be long, from now on. What the process does for itself only lets
    /// others run now and then: who takes what it writes may be in the lane as well.
    ///
    /// @param seat what it had until then: the lane has places of its own
    public Turn turn(Call call, Seat seat) {
        return new Turn(call.trusted().isPresent(), seat);
    }

    /// One call's way through the lane. Used by the thread that serves the call, and only by that.
    public final class Turn implements AutoCloseable {
        private final boolean own;
        private final Seat seat;
        private long began = nanoTime.getAsLong();
        private boolean outside = true;
        private boolean inside;
        private long sent;

        private Turn(boolean own, Seat seat) {
            this.own = own;
            this.seat = seat;
        }

        /// Between two pieces of work: waits for its turn when it has had its time.
        public void step() {
            if (inside || outside) {
                if (worked() < SLICE) return;
                pause();
            }
            if (own) return;
            places.acquireUninterruptibly();
            inside = true;
            begin();
        }

        /// So many bytes go to the client.
        public void sent(long bytes) {
            sent += bytes;
        }

        private void begin() {
            began = nanoTime.getAsLong();
            sent = 0;
        }

        private long worked() {
            return nanoTime.getAsLong() - began + sent * BYTE;
        }

        /// Before waiting for anybody else, and at the end: others may go on.
        @SuppressWarnings("ThreadPriorityCheck") // Virtual threads compute until they give way.
        public void pause() {
            if (outside && worked() < SLICE) return;
            if (own) {
                Thread.yield();
                begin();
                return;
            }
            if (outside) seat.aside();
            outside = false;
            if (!inside) return;
            inside = false;
            try {
                if (shortWanted()) rest(worked());
                else Thread.yield();
            } finally {
                places.release();
            }
        }

        private void rest(long worked) {
            try {
                timers.pause(Duration.ofNanos(Math.min(worked * REST, LONGEST_REST)));
            } catch (InterruptedException e) {
                // Whoever wants the call to end finds out at its next wait.
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            pause();
        }
    }
}
