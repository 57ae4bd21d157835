package io.navarch.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/// Runs an operation from several clients for a while and counts.
public record Load(long operations, Duration took, long[] micros) {
    public static Load run(int clients, Duration time, LongConsumer operation) throws InterruptedException {
        var stop = new AtomicBoolean();
        var numbers = new AtomicLong();
        var samples = new ArrayList<long[]>();
        var threads = new ArrayList<Thread>();
        long start = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                var own = new long[1 << 16];
                int count = 0;
                while (!stop.get()) {
                    long before = System.nanoTime();
                    operation.accept(numbers.getAndIncrement());
                    own[count++ % own.length] = (System.nanoTime() - before) / 1000;
                }
                synchronized (samples) {
                    samples.add(Arrays.copyOf(own, Math.min(count, own.length)));
                }
            }));
        }
        Thread.sleep(time);
        stop.set(true);
        for (var thread : threads) thread.join();
        var all = samples.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Load(numbers.get(), Duration.ofNanos(System.nanoTime() - start), all);
    }

    public double rate() {
        return operations / (took.toNanos() / 1e9);
    }

    public long percentile(double share) {
        return micros.length == 0 ? 0 : micros[(int) Math.min(micros.length - 1, micros.length * share)];
    }

    @Override
    public String toString() {
        return String.format("%,9.0f /s   p50 %,6d µs   p99 %,7d µs", rate(), percentile(0.5), percentile(0.99));
    }
}
