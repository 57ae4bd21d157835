package io.navarch.benchmarks.api;

import io.navarch.benchmarks.Load;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.consumer.RecordingFile;

/// The garbage collector's pauses during a mixed run, recorded by the JVM itself; only where the process may be looked
/// into.
final class Pauses {
    private static final String MAPS = "/api/v1/namespaces/pauses/configmaps";
    private static final String DEPLOYMENT = "/apis/apps/v1/namespaces/pauses/deployments/";

    /// Calls a second: what leaves the machine some room, as clusters should have it.
    private static final int RATE = 1000;

    private final Server server;

    Pauses(Server server) {
        this.server = server;
    }

    void run(Duration time) throws IOException, InterruptedException {
        if (!server.canBeLookedInto()) {
            System.out.println("pauses: the server is no Java process of this machine");
            return;
        }
        var file = Files.createTempFile("pauses", ".jfr");
        server.namespace("pauses");
        for (int i = 0; i < 200; i++)
            server.control().call("POST", MAPS, Bodies.JSON, Bodies.configMap("o" + i, "", 1800, 0));
        var connections = new ArrayList<Connection>();
        for (int i = 0; i < 4; i++) connections.add(server.connect());
        var watch = new Watched(server.connect());
        server.jcmd("JFR.start", "name=pauses", "settings=none", "+jdk.GCPhasePause#enabled=true");
        long start = System.nanoTime();
        var load = Load.run(8, time, number -> {
            long due = start + number * 1_000_000_000L / RATE;
            while (System.nanoTime() < due) LockSupport.parkNanos(due - System.nanoTime());
            var connection = connections.get((int) (number % 4));
            int object = (int) (number % 200);
            switch ((int) (number % 10)) {
                case 0, 1, 2, 3 -> connection.get(MAPS + "/o" + object).expect(200);
                case 4, 5 ->
                    connection
                            .call(
                                    "PUT",
                                    MAPS + "/o" + object,
                                    Bodies.JSON,
                                    Bodies.configMap("o" + object, "", 1800, number))
                            .expect(200);
                case 6 ->
                    connection
                            .call(
                                    "PATCH",
                                    MAPS + "/o" + object,
                                    Bodies.MERGE,
                                    Bodies.bytes("{\"data\":{\"value\":\"" + number + "\"}}"))
                            .expect(200);
                case 7, 8 ->
                    connection.call(
                            "PATCH",
                            DEPLOYMENT + "o" + object + "?fieldManager=bench&force=true",
                            Bodies.APPLY,
                            Bodies.deployment("o" + object, number));
                default -> connection.get(MAPS + "?limit=50").expect(200);
            }
        });
        server.jcmd("JFR.stop", "name=pauses", "filename=" + file);
        watch.close();
        var pauses = new ArrayList<Double>();
        try (var recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents())
                pauses.add(recording.readEvent().getDuration().toNanos() / 1e6);
        }
        Files.delete(file);
        pauses.sort(null);
        System.out.printf(
                "mixed run of %d s: %s%n   %d collections, pauses p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, worst %.2f ms%n",
                time.toSeconds(),
                load,
                pauses.size(),
                at(pauses, 0.5),
                at(pauses, 0.99),
                at(pauses, 0.999),
                at(pauses, 1));
        server.clear(MAPS);
        server.clear(DEPLOYMENT.replaceAll("/$", ""));
    }

    private static double at(ArrayList<Double> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
    }

    /// Somebody who watches it all.
    private record Watched(Connection connection) {
        Watched {
            connection.start("GET", MAPS + "?watch=true", null, null, new Connection.Reader() {
                @Override
                public void data(ByteBuf bytes) {}

                @Override
                public void end(int code) {}
            });
        }

        void close() {
            connection.close();
        }
    }
}
