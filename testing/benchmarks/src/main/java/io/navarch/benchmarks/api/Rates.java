package io.navarch.benchmarks.api;

import io.navarch.benchmarks.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/// Calls a second from 1, 16 and 64 clients, and the server's CPU for each.
final class Rates {
    private static final String PATH = "/api/v1/namespaces/rates/configmaps";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/rates/deployments/";
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/rates/leases";
    private static final int OBJECTS = 256;
    private static final int SIZE = 1800;

    private final Server server;
    private final Duration time;
    private final ArrayList<Connection> connections = new ArrayList<>();

    Rates(Server server, Duration time) throws IOException {
        this.server = server;
        this.time = time;
        for (int i = 0; i < 4; i++) connections.add(server.connect());
    }

    private Connection connection(long number) {
        return connections.get((int) (number % connections.size()));
    }

    void run() throws InterruptedException {
        server.namespace("rates");
        for (int i = 0; i < OBJECTS; i++) {
            connection(i)
                    .call("POST", PATH, Bodies.JSON, Bodies.configMap("o" + i, "", SIZE, 0))
                    .expect(201);
            connection(i)
                    .call("POST", LEASES, Bodies.JSON, Bodies.lease("o" + i, 0, null))
                    .expect(201);
            applied(i, 0, 201);
        }
        // Both programs compile what is used most before anything is measured.
        Load.run(16, time, number -> created("w" + number));
        for (var operation : Operation.values()) measure(operation, 16, false);
        for (int i = 0; i < 3; i++) measure(Operation.APPLY, 16, false);
        for (var operation : Operation.values())
            for (int clients : new int[] {1, 16, 64}) measure(operation, clients, true);
        leases();
        for (var path : new String[] {PATH, LEASES, DEPLOYMENTS.replaceAll("/$", "")}) server.clear(path);
    }

    void apply() throws InterruptedException {
        server.namespace("rates");
        for (int i = 0; i < OBJECTS; i++)
            connection(i)
                    .call(
                            "PATCH",
                            DEPLOYMENTS + "o" + i + "?fieldManager=bench&force=true",
                            Bodies.APPLY,
                            Bodies.deployment("o" + i, 0));
        measure(Operation.APPLY, 16, true);
        measure(Operation.APPLY, 16, true);
        server.clear(DEPLOYMENTS.replaceAll("/$", ""));
    }

    private enum Operation {
        CREATE,
        GET,
        UPDATE,
        PATCH,
        APPLY
    }

    private void measure(Operation operation, int clients, boolean shown) throws InterruptedException {
        long base = System.nanoTime();
        LongConsumer call = number -> {
            int object = (int) (number % OBJECTS);
            switch (operation) {
                case CREATE -> created("c" + base + "-" + number);
                case GET -> connection(number).get(PATH + "/o" + object).expect(200);
                case UPDATE ->
                    connection(number)
                            .call(
                                    "PUT",
                                    PATH + "/o" + object,
                                    Bodies.JSON,
                                    Bodies.configMap("o" + object, "", SIZE, base + number))
                            .expect(200);
                case PATCH ->
                    connection(number)
                            .call(
                                    "PATCH",
                                    PATH + "/o" + object,
                                    Bodies.MERGE,
                                    Bodies.bytes("{\"data\":{\"value\":\"" + (base + number) + "\"}}"))
                            .expect(200);
                case APPLY -> applied(object, base + number, 200);
            }
        };
        report(
                String.format("%-6s %2d clients", operation.name().toLowerCase(Locale.ROOT), clients),
                clients,
                call,
                shown);
    }

    private void report(String name, int clients, LongConsumer call, boolean shown) throws InterruptedException {
        double before = server.cpuSeconds();
        var load = Load.run(clients, time, call);
        double cpu = (server.cpuSeconds() - before) / load.operations() * 1000;
        if (shown) System.out.printf("%-22s %s   CPU %.3f ms%n", name, load, cpu);
    }

    private void created(String name) {
        connection(name.hashCode() & 0xff)
                .call("POST", PATH, Bodies.JSON, Bodies.configMap(name, "", SIZE, 0))
                .expect(201);
    }

    private void applied(int object, long value, int code) {
        connection(object)
                .call(
                        "PATCH",
                        DEPLOYMENTS + "o" + object + "?fieldManager=bench&force=true",
                        Bodies.APPLY,
                        Bodies.deployment("o" + object, value))
                .expect(code);
    }

    /// Each client renews leases of its own, naming the version it has, as nodes do.
    private void leases() throws InterruptedException {
        var versions = new ConcurrentHashMap<Integer, String>();
        for (int i = 0; i < OBJECTS; i++)
            versions.put(i, Bodies.version(connection(i).get(LEASES + "/o" + i).body()));
        LongConsumer call = number -> {
            int lease = (int) (number % OBJECTS);
            var version = versions.remove(lease);
            if (version == null) return;
            var answer = connection(number)
                    .call("PUT", LEASES + "/o" + lease, Bodies.JSON, Bodies.lease("o" + lease, number, version))
                    .expect(200);
            versions.put(lease, Bodies.version(answer.body()));
        };
        report("", 64, call, false);
        for (int clients : new int[] {1, 16, 64})
            report(String.format("lease  %2d clients", clients), clients, call, true);
    }
}
