package io.navarch.benchmarks.api;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/// What the server does while nobody wants anything but its nodes, which say that they are there: its CPU, and how long
/// somebody waits who asks for something that has nothing to do with them.
final class Rest {
    private static final String MAPS = "/api/v1/namespaces/rest/configmaps";

    /// Calls a second: too few to count as work.
    private static final int RATE = 20;

    private final Server server;

    Rest(Server server) {
        this.server = server;
    }

    void run(Duration time) {
        server.namespace("rest");
        server.control()
                .call("POST", MAPS, Bodies.JSON, Bodies.configMap("o", "", 1800, 0))
                .expect(201);
        var micros = new long[(int) time.toSeconds() * RATE];
        double cpu = server.cpuSeconds();
        long start = System.nanoTime();
        for (int i = 0; i < micros.length; i++) {
            long due = start + i * 1_000_000_000L / RATE;
            while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
            long before = System.nanoTime();
            server.control().get(MAPS + "/o").expect(200);
            micros[i] = (System.nanoTime() - before) / 1000;
        }
        double used = (server.cpuSeconds() - cpu) / ((System.nanoTime() - start) / 1e9);
        Arrays.sort(micros);
        System.out.printf(
                "at rest for %d s: %.3f cores, %.0f MiB resident; an unrelated GET: p50 %.1f ms, p99 %.1f ms, worst %.1f ms%n",
                time.toSeconds(),
                used,
                server.resident() / (1 << 20),
                micros[micros.length / 2] / 1e3,
                micros[micros.length * 99 / 100] / 1e3,
                micros[micros.length - 1] / 1e3);
        server.clear(MAPS);
    }
}
