package io.navarch.benchmarks;

import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store as it is after some time: the rate of writes and reads while it is young, after each compaction, and during
/// one. `testing/benchmarks/store` runs it.
public final class StoreBenchmark {
    private static final int CLIENTS = 8;
    private static final int OBJECTS = 2000;
    private static final int SIZE = 1500;
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final int PAIRS = 7;

    private StoreBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        switch (arguments[1]) {
            case "past" -> past(folder, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            case "updates" -> updates(folder, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            default -> throw new IllegalArgumentException(arguments[1]);
        }
    }

    /// Objects come, change and go as pods do; after each round everything is compacted, and single keys are measured.
    private static void past(Path folder, int rounds, int writes) throws Exception {
        try (var store = new EmbeddedStore(folder, InstantSource.system())) {
            for (int i = 0; i < OBJECTS; i++) store.put(lasting(i), value(), Store.ABSENT, Duration.ZERO);
            measure("young", store, writes / 5);
            var ratios = new ArrayList<Double>();
            for (int round = 1; round <= rounds; round++) {
                var churn = churn(store, writes, round);
                System.out.printf(
                        Locale.ROOT,
                        "round %d: %,.0f writes/s in the churn, %d MB%n",
                        round,
                        churn,
                        size(folder) >> 20);
                long start = System.nanoTime();
                store.compact(store.revision());
                System.out.printf(Locale.ROOT, "compacted in %.1f s%n", (System.nanoTime() - start) / 1e9);
                for (int pair = 0; pair < PAIRS; pair++) ratios.add(compactBeside(store));
                measure("after " + round, store, writes / 5);
            }
            Collections.sort(ratios);
            System.out.printf(
                    Locale.ROOT,
                    "beside compactions: %.0f %% of the rate without (median; quartiles %.0f and %.0f %%)%n",
                    100 * ratios.get(ratios.size() / 2),
                    100 * ratios.get(ratios.size() / 4),
                    100 * ratios.get(ratios.size() * 3 / 4));
        }
    }

    /// Nothing that files could be made smaller by.
    private static byte[] value() {
        var bytes = new byte[SIZE];
        new SplittableRandom(System.nanoTime()).nextBytes(bytes);
        return bytes;
    }

    private static String lasting(int i) {
        return "/registry/pods/bench/lasting-" + i % OBJECTS;
    }

    /// Updates of lasting objects: each needs the newest version of its key.
    private static void measure(String when, Store store, int writes) throws InterruptedException {
        var micros = new ArrayList<long[]>();
        long start = System.nanoTime();
        clients(writes, micros, number -> store.put(lasting((int) number), value(), Store.ANY, Duration.ZERO));
        double rate = writes / ((System.nanoTime() - start) / 1e9);
        var all = micros.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        long read = System.nanoTime();
        for (int i = 0; i < OBJECTS; i++)
            if (store.get(lasting(i)).isEmpty()) throw new IllegalStateException("an object is not there");
        double get = (System.nanoTime() - read) / 1e3 / OBJECTS;
        long listed = System.nanoTime();
        int entries = store.range("/registry/pods/", "/registry/pods0", 0, 0)
                .entries()
                .size();
        System.out.printf(
                Locale.ROOT,
                "%-10s updates %,8.0f /s, p50 %,d µs, p99 %,d µs; get %.1f µs; range of %,d: %.1f ms%n",
                when,
                rate,
                all[all.length / 2],
                all[all.length * 99 / 100],
                get,
                entries,
                (System.nanoTime() - listed) / 1e6);
    }

    /// Writes for a while without a compaction, and then beside the one that removes what was written, since a machine
    /// is not the same for long.
    ///
    /// @return the rate beside a compaction by the rate without
    private static double compactBeside(Store store) throws InterruptedException {
        // Something to compact; what is measured first would have an emptier database than what follows.
        rate(store, null);
        double alone = rate(store, null);
        var compaction = Thread.ofPlatform().unstarted(() -> store.compact(store.revision()));
        double beside = rate(store, () -> {
            compaction.start();
            return compaction;
        });
        long ended = System.nanoTime();
        compaction.join();
        System.out.printf(
                Locale.ROOT,
                "           beside a compaction that took %.1f s more: updates %,.0f /s, without %,.0f /s: %.0f %%%n",
                (System.nanoTime() - ended) / 1e9,
                beside,
                alone,
                100 * beside / alone);
        return beside / alone;
    }

    private static double rate(Store store, @Nullable Supplier<Thread> beside) throws InterruptedException {
        // The database still has to do with what was written before.
        Thread.sleep(WINDOW);
        var during = beside == null ? null : beside.get();
        var done = new AtomicLong();
        var running = new AtomicBoolean(true);
        var threads = new ArrayList<Thread>();
        long start = System.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            int own = i;
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = own; running.get(); n += CLIENTS) {
                    store.put(lasting(n), value(), Store.ANY, Duration.ZERO);
                    done.incrementAndGet();
                }
            }));
        }
        long millis = WINDOW.toMillis();
        if (during == null) Thread.sleep(millis);
        else during.join(millis);
        double rate = done.get() / ((System.nanoTime() - start) / 1e9);
        running.set(false);
        for (var thread : threads) thread.join();
        return rate;
    }

    private static double churn(Store store, int writes, int round) throws InterruptedException {
        long start = System.nanoTime();
        clients(writes / 5, new ArrayList<>(), number -> {
            var key = "/registry/pods/bench/lasting-" + new SplittableRandom(number).nextInt(OBJECTS) + "-" + round
                    + "-" + number;
            store.put(key, value(), Store.ABSENT, Duration.ZERO);
            for (int i = 0; i < 3; i++) store.put(key, value(), Store.ANY, Duration.ZERO);
            store.delete(key, Store.ANY);
        });
        return writes / ((System.nanoTime() - start) / 1e9);
    }

    private interface Operation {
        void run(long number);
    }

    private static void clients(int count, ArrayList<long[]> micros, Operation operation) throws InterruptedException {
        var numbers = new AtomicLong();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                var own = new long[count];
                int done = 0;
                for (long number; (number = numbers.getAndIncrement()) < count; ) {
                    long before = System.nanoTime();
                    operation.run(number);
                    own[done++] = (System.nanoTime() - before) / 1000;
                }
                synchronized (micros) {
                    micros.add(Arrays.copyOf(own, done));
                }
            }));
        }
        for (var thread : threads) thread.join();
    }

    /// Many updates of the same objects, compacted whenever there are so many: how large do the files become?
    private static void updates(Path folder, int count, int every) throws Exception {
        long largest = 0;
        long start = System.nanoTime();
        try (var store = new EmbeddedStore(folder, InstantSource.system())) {
            for (int done = 0; done < count; done += every) {
                clients(
                        every,
                        new ArrayList<>(),
                        number -> store.put(lasting((int) number % 100), value(), Store.ANY, Duration.ZERO));
                long before = size(folder);
                store.compact(store.revision() - every / 2);
                largest = Math.max(largest, Math.max(before, size(folder)));
                if (done / every % 5 == 4)
                    System.out.printf(
                            Locale.ROOT,
                            "%,d updates: %d MB, %d MB at the most%n",
                            done + every,
                            size(folder) >> 20,
                            largest >> 20);
            }
            store.compact(store.revision());
        }
        System.out.printf(
                Locale.ROOT,
                "%,d updates of 100 objects of %d bytes in %.0f s: %d MB at the most, %d MB at the end%n",
                count,
                SIZE,
                (System.nanoTime() - start) / 1e9,
                largest >> 20,
                size(folder) >> 20);
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
