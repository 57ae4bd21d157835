package io.navarch.benchmarks.api;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Many watchers, a steady stream of writes, and how long an event takes to each.
final class Watchers {
    private static final byte[] SENT = "\"value\":\"at-".getBytes(StandardCharsets.US_ASCII);
    /// Streams on one connection.
    private static final int STREAMS = 100;

    private final Server server;
    private final String namespace = "watch-" + Long.toString(System.nanoTime(), 36) + "-";
    private final ArrayList<Connection> connections = new ArrayList<>();
    private final ArrayList<Channel> streams = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong events = new AtomicLong();
    /// Delays by powers of two of a quarter of a millisecond, each in eight steps.
    private final AtomicInteger[] delays = new AtomicInteger[256];

    Watchers(Server server) {
        this.server = server;
        for (int i = 0; i < delays.length; i++) delays[i] = new AtomicInteger();
    }

    /// @param each so many watchers see each write
    /// @param stalled whether one further watcher of everything stops reading
    void run(int count, int each, int rate, int seconds, boolean stalled) throws IOException, InterruptedException {
        int namespaces = Math.max(1, count / each);
        for (int i = 0; i < namespaces; i++) server.namespace(namespace + i);
        double before = server.memory();
        for (int i = 0; i < count; i++)
            open("/api/v1/namespaces/" + namespace + i % namespaces + "/configmaps?watch=true");
        await(count);
        System.out.printf("memory a watcher, %,d of them: %.2f KB%n", count, (server.memory() - before) / 1000 / count);
        if (stalled) {
            var stuck = open("/api/v1/configmaps?watch=true");
            await(count + 1);
            stuck.config().setAutoRead(false);
        }
        for (var delay : delays) delay.set(0);
        events.set(0);
        double cpu = server.cpuSeconds();
        long start = System.nanoTime();
        long writes = write(namespaces, rate, seconds);
        double took = (System.nanoTime() - start) / 1e9;
        for (int i = 0; i < 100 && events.get() < writes * each; i++) LockSupport.parkNanos(50_000_000);
        System.out.printf(
                "%,6d watchers%s, %,.0f writes/s each seen by %d: %,.0f events/s, p50 %.1f ms, p99 %.1f ms, CPU %.2f cores, %d missing%n",
                count,
                stalled ? " and a stalled one" : "",
                writes / took,
                each,
                events.get() / took,
                percentile(0.5),
                percentile(0.99),
                (server.cpuSeconds() - cpu) / took,
                writes * each - events.get());
        close();
        for (int i = 0; i < namespaces; i++) server.clear("/api/v1/namespaces/" + namespace + i);
    }

    /// Watches of a kind that nothing happens to.
    void idle(int count) throws IOException, InterruptedException {
        double before = server.memory();
        double resident = server.resident();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) open("/apis/scheduling.k8s.io/v1/priorityclasses?watch=true&resourceVersion=1");
        await(count);
        double took = (System.nanoTime() - start) / 1e9;
        double memory = server.memory() - before;
        double cpu = server.cpuSeconds();
        LockSupport.parkNanos(10_000_000_000L);
        System.out.printf(
                "%,d idle watches: %.0f MiB live, %.0f MiB resident more, %.2f KB each; opened in %.0f s; CPU meanwhile %.3f cores%n",
                count,
                memory / (1 << 20),
                (server.resident() - resident) / (1 << 20),
                memory / 1000 / count,
                took,
                (server.cpuSeconds() - cpu) / 10);
        close();
    }

    private Channel open(String path) throws IOException {
        if (streams.size() % STREAMS == 0) connections.add(server.connect());
        open.incrementAndGet();
        var stream = connections.getLast().start("GET", path, null, null, new Connection.Reader() {
            @Override
            public void data(ByteBuf bytes) {
                seen(bytes);
            }

            @Override
            public void end(int code) {
                open.decrementAndGet();
            }
        });
        streams.add(stream);
        // No more streams wait for their answers than the server takes at once.
        if (streams.size() % 200 == 0) server.control().get("/readyz");
        return stream;
    }

    private void await(int count) {
        LockSupport.parkNanos(1_000_000_000L);
        server.control().get("/readyz");
        if (open.get() != count) throw new IllegalStateException(open.get() + " of " + count + " watches are open");
    }

    /// An event ends with a line; each says when its object was sent.
    private void seen(ByteBuf bytes) {
        long now = System.nanoTime() / 1000;
        int from = bytes.readerIndex();
        int end = bytes.writerIndex();
        for (int i = from; i < end - SENT.length; i++) {
            if (bytes.getByte(i) != SENT[0] || !matches(bytes, i)) continue;
            long sent = 0;
            i += SENT.length;
            for (; i < end && bytes.getByte(i) >= '0' && bytes.getByte(i) <= '9'; i++)
                sent = sent * 10 + bytes.getByte(i) - '0';
            events.incrementAndGet();
            delays[bucket(now - sent)].incrementAndGet();
        }
    }

    private static boolean matches(ByteBuf bytes, int at) {
        for (int i = 1; i < SENT.length; i++) if (bytes.getByte(at + i) != SENT[i]) return false;
        return true;
    }

    private static int bucket(long micros) {
        return (int) Math.clamp(8 * Math.log(Math.max(1, micros / 50.0)) / Math.log(2), 0, 255);
    }

    private double percentile(double share) {
        long all = 0;
        for (var delay : delays) all += delay.get();
        long left = (long) (all * share);
        for (int i = 0; i < delays.length; i++) {
            left -= delays[i].get();
            if (left < 0) return 0.05 * Math.pow(2, (i + 1) / 8.0);
        }
        return Double.NaN;
    }

    private long write(int namespaces, int rate, int seconds) throws InterruptedException {
        var threads = new ArrayList<Thread>();
        var written = new AtomicLong();
        int writers = 20;
        long start = System.nanoTime();
        for (int w = 0; w < writers; w++) {
            int own = w;
            var connection = connections.get(w % connections.size());
            threads.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < rate * seconds / writers; i++) {
                    long due = start + (long) i * writers * 1_000_000_000L / rate;
                    while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
                    long number = (long) i * writers + own;
                    var name = "o" + number;
                    connection
                            .call(
                                    "POST",
                                    "/api/v1/namespaces/" + namespace + number % namespaces + "/configmaps",
                                    Bodies.JSON,
                                    Bodies.configMap(name, "", 800, "at-" + System.nanoTime() / 1000))
                            .expect(201);
                    written.incrementAndGet();
                }
            }));
        }
        for (var thread : threads) thread.join();
        return written.get();
    }

    private void close() {
        for (var connection : connections) connection.close();
        connections.clear();
        streams.clear();
    }
}
