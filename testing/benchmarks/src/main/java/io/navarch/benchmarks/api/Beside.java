package io.navarch.benchmarks.api;

import io.navarch.benchmarks.Load;
import io.navarch.http.EventLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Writes of one user beside endless lists of all pods by another, and the same writes alone, in turn.
final class Beside implements AutoCloseable {
    private static final int PODS = 10_000;
    private static final int READERS = 16;
    private static final int WRITERS = 4;
    private static final String NAMESPACE = "lists";
    private static final String MAPS = "/api/v1/namespaces/" + NAMESPACE + "/configmaps";

    private final Server server;
    private final EventLoops writing = new EventLoops(1);
    private final Connection writer;
    private final List<Connection> readers = new ArrayList<>();

    Beside(Server server) throws IOException, InterruptedException {
        this.server = server;
        server.namespace(NAMESPACE);
        new Lists(server).fill(Lists.PODS, PODS, number -> Bodies.pod("pod-" + number, "\"app\":\"a\""));
        var users = new Users(server, NAMESPACE);
        writer = server.as(users.token("writer")).connect(writing);
        var reader = server.as(users.token("reader"));
        for (int i = 0; i < READERS; i++) readers.add(reader.connect());
    }

    void run(Duration time, int rounds) throws InterruptedException {
        var each = time.dividedBy(2L * rounds + 1);
        long bytes = Lists.drained(readers.getFirst(), Lists.PODS).bytes();
        System.out.printf(
                Locale.ROOT,
                "writes of %d clients beside %d endless lists of %d pods, %.0f MB each%n",
                WRITERS,
                READERS,
                PODS,
                bytes / 1e6);
        System.out.println(
                "  round  alone/s  beside/s  ratio  p99 ms alone  beside  read MB/s  cores: server  clients");
        writes(each.dividedBy(2));
        lists(each.dividedBy(2));
        var ratios = new ArrayList<Double>();
        for (int i = 1; i <= rounds; i++) {
            var alone = writes(each);
            double cpu = server.cpuSeconds();
            double own = Users.cpuSeconds();
            long start = System.nanoTime();
            var both = lists(each);
            double seconds = (System.nanoTime() - start) / 1e9;
            ratios.add(both.writes.rate() / alone.rate());
            System.out.printf(
                    Locale.ROOT,
                    "  %5d  %7.0f  %8.0f  %4.0f%%  %12.1f  %6.1f  %9.1f  %13.2f  %7.2f%n",
                    i,
                    alone.rate(),
                    both.writes.rate(),
                    100 * ratios.getLast(),
                    alone.percentile(0.99) / 1e3,
                    both.writes.percentile(0.99) / 1e3,
                    both.megabytes,
                    (server.cpuSeconds() - cpu) / seconds,
                    (Users.cpuSeconds() - own) / seconds);
        }
        ratios.sort(null);
        System.out.printf(
                Locale.ROOT, " median: writes keep %.0f %% of their rate%n", 100 * ratios.get(ratios.size() / 2));
    }

    private record Both(Load writes, double megabytes) {}

    private Both lists(Duration time) throws InterruptedException {
        var stop = new AtomicBoolean();
        var read = new LongAdder();
        var threads = new ArrayList<Thread>();
        for (var reader : readers) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) Lists.drained(reader, Lists.PODS, read);
            }));
        }
        Thread.sleep(500);
        long before = read.sum();
        var writes = writes(time);
        double megabytes = (read.sum() - before) * 1e3 / writes.took().toNanos();
        stop.set(true);
        for (var thread : threads) thread.join();
        return new Both(writes, megabytes);
    }

    private Load writes(Duration time) throws InterruptedException {
        long base = System.nanoTime();
        var load = Load.run(
                WRITERS,
                time,
                number -> writer.call(
                                "POST", MAPS, Bodies.JSON, Bodies.configMap("w" + base + "-" + number, "", 1000, 0))
                        .expect(201));
        server.clear(MAPS);
        return load;
    }

    @Override
    public void close() {
        writer.close();
        for (var reader : readers) reader.close();
        server.clear("/api/v1/namespaces/" + NAMESPACE);
        writing.close();
    }
}
