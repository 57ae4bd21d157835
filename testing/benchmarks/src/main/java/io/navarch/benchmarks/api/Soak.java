package io.navarch.benchmarks.api;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// A cluster in which things come and go for as long as one asks: clients create, watch and delete Deployments,
/// Services and ConfigMaps on hollow nodes. One line says each time how the server is; all of them should be
/// alike.
final class Soak {
    private static final int CLIENTS = 4;
    private static final int REPLICAS = 15;
    private static final String NAMESPACE = "soak";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /// The live memory is looked at each so many lines, since that takes a collection.
    private static final int COLLECTED = 5;

    private final Server server;
    private final Path store;
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final ConcurrentLinkedQueue<Long> micros = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();

    /// @param store the folder of the server's store, whose size is told
    Soak(Server server, Path store) {
        this.server = server;
        this.store = store;
    }

    void run(int lines, Duration each) throws Exception {
        server.namespace(NAMESPACE);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++) {
            var connection = server.connect();
            int own = i;
            threads.add(Thread.ofVirtual().start(() -> client(connection, own)));
        }
        System.out.println(
                "minute  rounds/min  p99 ms  failed  resident MiB  live MiB  files  threads  store MiB  CPU cores");
        double cpu = server.cpuSeconds();
        for (int line = 1; line <= lines; line++) {
            TimeUnit.NANOSECONDS.sleep(each.toNanos());
            double now = server.cpuSeconds();
            print(line * each.toSeconds() / 60.0, each, (now - cpu) / each.toSeconds(), line % COLLECTED == 0);
            cpu = now;
        }
        over.set(true);
        for (var thread : threads) thread.join();
    }

    private void print(double minute, Duration each, double cores, boolean collect) throws Exception {
        var taken = new ArrayList<Long>();
        for (Long value; (value = micros.poll()) != null; ) taken.add(value);
        taken.sort(null);
        double p99 = taken.isEmpty() ? Double.NaN : taken.get(taken.size() * 99 / 100) / 1e3;
        String live = "-";
        if (collect && server.canBeLookedInto()) {
            server.jcmd("GC.run");
            live = String.format(Locale.ROOT, "%.0f", server.heap() / (1 << 20));
        }
        System.out.printf(
                Locale.ROOT,
                "%6.1f  %10.1f  %6.1f  %6d  %12.0f  %8s  %5d  %7d  %9.1f  %9.2f%n",
                minute,
                rounds.getAndSet(0) * 60.0 / each.toSeconds(),
                p99,
                failed.getAndSet(0),
                server.resident() / (1 << 20),
                live,
                files(),
                threads(),
                size() / (1 << 20),
                cores);
    }

    private void client(Connection connection, int own) {
        for (int number = 0; !over.get(); number++) {
            try {
                round(connection, "soak-" + own + "-" + number);
                rounds.incrementAndGet();
            } catch (IllegalStateException | TimeoutException e) {
                failed.incrementAndGet();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void round(Connection connection, String name) throws Exception {
        var core = "/api/v1/namespaces/" + NAMESPACE;
        var deployments = "/apis/apps/v1/namespaces/" + NAMESPACE + "/deployments";
        write(connection, "POST", core + "/configmaps", Bodies.configMap(name, "", 800, name));
        write(connection, "POST", core + "/services", service(name));
        write(connection, "POST", deployments, deployment(name));
        ready(connection, deployments, name);
        write(connection, "DELETE", deployments + "/" + name, null);
        write(connection, "DELETE", core + "/services/" + name, null);
        write(connection, "DELETE", core + "/configmaps/" + name, null);
    }

    private void write(Connection connection, String method, String path, byte[] body) {
        long start = System.nanoTime();
        connection.call(method, path, Bodies.JSON, body).expect(method.equals("POST") ? 201 : 200);
        micros.add((System.nanoTime() - start) / 1000);
    }

    private static byte[] service(String name) {
        return Bodies.bytes("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":{\"selector\":{\"app\":\"" + name + "\"},\"ports\":[{\"port\":80}]}}");
    }

    private static byte[] deployment(String name) {
        return Bodies.bytes("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":{\"replicas\":" + REPLICAS + ",\"selector\":{\"matchLabels\":{\"app\":\"" + name
                + "\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"" + name
                + "\"}},\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"registry.example/image:1\"}]}}}}");
    }

    /// Watches the Deployment until all its pods are ready.
    private void ready(Connection connection, String deployments, String name) throws Exception {
        var ready = new CompletableFuture<Boolean>();
        var wanted = "\"readyReplicas\":" + REPLICAS;
        Channel stream = connection.start(
                "GET",
                deployments + "?watch=true&fieldSelector=metadata.name%3D" + name,
                null,
                null,
                new Connection.Reader() {
                    private final StringBuilder rest = new StringBuilder();

                    @Override
                    public void data(ByteBuf bytes) {
                        rest.append(bytes.toString(StandardCharsets.UTF_8));
                        if (rest.indexOf(wanted) >= 0) ready.complete(true);
                        int line = rest.lastIndexOf("\n");
                        if (line >= 0) rest.delete(0, line + 1);
                    }

                    @Override
                    public void end(int code) {
                        ready.complete(false);
                    }
                });
        try {
            if (!ready.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)) throw new IllegalStateException("the watch ended");
        } finally {
            stream.close();
        }
    }

    private long files() {
        try (var list = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return list.count();
        } catch (IOException e) {
            return -1;
        }
    }

    private long threads() throws IOException {
        var status = Path.of("/proc/" + server.pid() + "/status");
        if (!Files.exists(status)) return -1;
        var found = Pattern.compile("Threads:\\s+(\\d+)").matcher(Files.readString(status));
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }

    private double size() throws IOException {
        if (!Files.exists(store)) return Double.NaN;
        try (var list = Files.list(store)) {
            List<Path> all = list.toList();
            return all.stream().mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
