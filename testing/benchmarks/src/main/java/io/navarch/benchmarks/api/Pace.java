package io.navarch.benchmarks.api;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/// Calls that come at a rate of their own, however slowly they are answered: a call's time counts from when it was due.
final class Pace {
    /// @param body may be null
    record Asked(String method, String path, String type, byte[] body) {
        static Asked get(String path) {
            return new Asked("GET", path, null, null);
        }
    }

    /// What became of the calls.
    ///
    /// @param micros of those that were answered as wanted, sorted
    /// @param overtaken how many calls of others were answered meanwhile, sorted
    /// @param refused with 429
    /// @param failed in any other way, or not answered in time
    record Outcome(long offered, Duration took, long[] micros, long[] overtaken, long refused, long failed) {
        /// Answered as wanted, a second.
        double goodput() {
            return micros.length / (took.toNanos() / 1e9);
        }

        double millis(double share) {
            return at(micros, share) / 1e3;
        }

        double overtaken(double share) {
            return at(overtaken, share);
        }

        private static double at(long[] values, double share) {
            return values.length == 0 ? Double.NaN : values[(int) Math.min(values.length - 1, values.length * share)];
        }
    }

    private final long[] micros;
    private final long[] overtaken;
    private final AtomicLong mine;
    private final LongSupplier others;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile long until;

    private Pace(int most, AtomicLong mine, LongSupplier others) {
        micros = new long[most];
        overtaken = new long[most];
        this.mine = mine;
        this.others = others;
    }

    /// @param rate calls a second
    /// @param mine counts those that were answered
    /// @param others how many calls of others have been answered
    /// @param linger answers that come so much later still count as answers, though not for the goodput's time
    static Outcome run(
            List<Connection> connections,
            IntFunction<Asked> calls,
            double rate,
            Duration time,
            Duration linger,
            AtomicLong mine,
            LongSupplier others) {
        int number = (int) Math.max(1, rate * time.toNanos() / 1e9);
        return new Pace(number, mine, others).offer(connections, calls, number, rate, time, linger);
    }

    private Outcome offer(
            List<Connection> connections,
            IntFunction<Asked> calls,
            int number,
            double rate,
            Duration time,
            Duration linger) {
        long start = System.nanoTime();
        until = start + time.plus(linger).toNanos();
        for (int i = 0; i < number; i++) {
            long due = start + (long) (i * 1e9 / rate);
            for (long left; (left = due - System.nanoTime()) > 0; ) LockSupport.parkNanos(left);
            var asked = calls.apply(i);
            connections
                    .get(i % connections.size())
                    .send(asked.method, asked.path, asked.type, asked.body, new Answer(due));
        }
        while (System.nanoTime() < until && ended.get() < number) LockSupport.parkNanos(1_000_000);
        var sorted = Arrays.copyOf(micros, Math.min(answered.get(), micros.length));
        Arrays.sort(sorted);
        var passed = Arrays.copyOf(overtaken, sorted.length);
        Arrays.sort(passed);
        return new Outcome(
                number,
                linger.isZero() ? time : Duration.ofNanos(Math.max(time.toNanos(), System.nanoTime() - start)),
                sorted,
                passed,
                refused.get(),
                number - sorted.length - refused.get());
    }

    private final class Answer implements Connection.Reader {
        private final long due;
        private final long before = others.getAsLong();

        Answer(long due) {
            this.due = due;
        }

        @Override
        public void data(ByteBuf bytes) {}

        @Override
        public void end(int code) {
            long now = System.nanoTime();
            if (now <= until && code >= 200 && code < 300) {
                int at = answered.getAndIncrement();
                micros[at] = (now - due) / 1000;
                overtaken[at] = others.getAsLong() - before;
                mine.incrementAndGet();
            } else if (code == 429) refused.incrementAndGet();
            ended.incrementAndGet();
        }
    }
}
