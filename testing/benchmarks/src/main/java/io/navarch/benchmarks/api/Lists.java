package io.navarch.benchmarks.api;

import io.navarch.benchmarks.Load;
import io.navarch.http.EventLoops;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Long lists: time to the first byte and in all, memory, writes beside them, few objects among many.
final class Lists {
    static final String PODS = "/api/v1/namespaces/lists/pods";
    private static final String MAPS = "/api/v1/namespaces/lists/configmaps";

    private final Server server;

    Lists(Server server) {
        this.server = server;
    }

    void pods(int count) throws IOException, InterruptedException {
        server.namespace("lists");
        double before = server.memory();
        fill(PODS, count, number -> Bodies.pod("pod-" + number, "\"app\":\"a" + number % 100 + "\""));
        long bytes = drained(server.connect(), PODS).bytes;
        System.out.printf("a pod as JSON: %.2f KB%n", bytes / 1000.0 / count);
        System.out.printf("memory a stored pod: %.2f KB%n", (server.memory() - before) / 1000 / count);
        list(count);
        beside(count);
    }

    void done() {
        server.clear(PODS);
        server.clear(MAPS);
    }

    private void list(int count) throws IOException, InterruptedException {
        try (var connection = server.connect()) {
            for (var form : new String[] {"", "?limit=500"}) {
                var first = new ArrayList<Long>();
                var total = new ArrayList<Long>();
                for (int i = 0; i < 5; i++) {
                    var one = drained(connection, PODS + form);
                    first.add(one.first);
                    total.add(one.total);
                }
                System.out.printf(
                        "LIST of %,d pods%s: first byte %,d ms, all %,d ms (medians of 5)%n",
                        count, form, median(first), median(total));
            }
            server.memory();
            double heap = server.heap();
            double resident = server.resident();
            drained(connection, PODS);
            System.out.printf(
                    "   memory for one more: %.0f MiB of garbage, %.0f MiB resident%n",
                    (server.heap() - heap) / (1 << 20), (server.resident() - resident) / (1 << 20));
        }
    }

    private static long median(ArrayList<Long> nanos) {
        return nanos.stream().sorted().toList().get(nanos.size() / 2) / 1_000_000;
    }

    /// Sixteen of those lists at once; writes meanwhile take as long as alone.
    private void beside(int count) throws IOException, InterruptedException {
        try (var loops = new EventLoops(1);
                var writer = server.connect(loops)) {
            var alone = writes(writer, Duration.ofSeconds(5));
            var stop = new AtomicBoolean();
            var lists = new AtomicInteger();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 16; i++) {
                var connection = server.connect();
                threads.add(Thread.ofVirtual().start(() -> {
                    try (connection) {
                        do {
                            drained(connection, PODS);
                            lists.incrementAndGet();
                        } while (!stop.get());
                    }
                }));
            }
            var meanwhile = writes(writer, Duration.ofSeconds(15));
            stop.set(true);
            for (var thread : threads) thread.join();
            System.out.printf("writes alone:                            %s%n", alone);
            System.out.printf("writes beside 16 lists of %,7d pods:   %s (%d lists)%n", count, meanwhile, lists.get());
        }
    }

    private Load writes(Connection connection, Duration time) throws InterruptedException {
        long base = System.nanoTime();
        var load = Load.run(
                4,
                time,
                number -> connection
                        .call("POST", MAPS, Bodies.JSON, Bodies.configMap("w" + base + "-" + number, "", 1000, 0))
                        .expect(201));
        server.clear(MAPS);
        return load;
    }

    void selector(int count) throws IOException, InterruptedException {
        server.namespace("lists");
        fill(
                MAPS,
                count,
                number -> Bodies.configMap(
                        "map-" + number,
                        "\"app\":\"" + (number % (count / 10) == 0 ? "wanted" : "a" + number % 1000) + "\"",
                        900,
                        0));
        var times = new long[51];
        try (var connection = server.connect()) {
            for (int i = 0; i < times.length; i++) {
                long start = System.nanoTime();
                var answer =
                        connection.get(MAPS + "?labelSelector=app%3Dwanted").expect(200);
                times[i] = (System.nanoTime() - start) / 1000;
                int found = answer.text().split("\"uid\":").length - 1;
                if (found != 10) throw new IllegalStateException(found + " found");
            }
        }
        Arrays.sort(times);
        System.out.printf(
                "label selector, 10 of %,d: p50 %,d µs, worst %,d µs%n",
                count, times[times.length / 2], times[times.length - 1]);
    }

    interface Body {
        byte[] of(int number);
    }

    void fill(String path, int count, Body body) throws IOException, InterruptedException {
        long start = System.nanoTime();
        var numbers = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            var connection = server.connect();
            for (int j = 0; j < 12; j++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    for (int number; (number = numbers.getAndIncrement()) < count; )
                        connection
                                .call("POST", path, Bodies.JSON, body.of(number))
                                .expect(201);
                }));
            }
        }
        for (var thread : threads) thread.join();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("made %,d objects in %.0f s: %,.0f /s%n", count, seconds, count / seconds);
    }

    record Drained(long first, long total, long bytes) {}

    /// Reads an answer without keeping it.
    static Drained drained(Connection connection, String path) {
        return drained(connection, path, new LongAdder());
    }

    /// @param read counts the bytes as they come
    static Drained drained(Connection connection, String path, LongAdder read) {
        var done = new CompletableFuture<Drained>();
        long start = System.nanoTime();
        connection.start("GET", path, null, null, new Connection.Reader() {
            private long first;
            private long bytes;

            @Override
            public void data(ByteBuf data) {
                if (first == 0) first = System.nanoTime() - start;
                bytes += data.readableBytes();
                read.add(data.readableBytes());
            }

            @Override
            public void end(int code) {
                if (code == 200) done.complete(new Drained(first, System.nanoTime() - start, bytes));
                else done.completeExceptionally(new IllegalStateException("answer " + code));
            }
        });
        return done.join();
    }
}
