package io.navarch.benchmarks.api;

import io.navarch.benchmarks.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What priority and fairness cost a call: the CPU of two servers, one of which has them, taken in turn. Calls come
/// from many flows.
final class Fairness {
    private static final int FLOWS = 16;
    private static final String NAMESPACE = "fairness";
    private static final String PATH = "/api/v1/namespaces/" + NAMESPACE + "/configmaps/one";

    private record Side(String name, Server server, List<Connection> connections, ArrayList<Double> micros) {
        static Side of(String name, Server server) throws IOException {
            server.namespace(NAMESPACE);
            server.control()
                    .call(
                            "POST",
                            "/api/v1/namespaces/" + NAMESPACE + "/configmaps",
                            Bodies.JSON,
                            Bodies.configMap("one", "", 100, 0));
            var users = new Users(server, NAMESPACE);
            var connections = new ArrayList<Connection>();
            for (int i = 0; i < FLOWS; i++)
                connections.add(server.as(users.token("user-" + i)).connect());
            return new Side(name, server, connections, new ArrayList<>());
        }

        double round(Duration time) throws InterruptedException {
            double before = server.cpuSeconds();
            var load = Load.run(
                    FLOWS,
                    time,
                    number -> connections.get((int) (number % FLOWS)).get(PATH).expect(200));
            return (server.cpuSeconds() - before) / load.operations() * 1e6;
        }

        double median() {
            return micros.stream().sorted().toList().get(micros.size() / 2);
        }
    }

    private final Side with;
    private final Side without;

    Fairness(Server with, Server without) throws IOException {
        this.with = Side.of("with", with);
        this.without = Side.of("without", without);
    }

    void run(Duration time, int rounds) throws InterruptedException {
        var each = time.dividedBy(2L * rounds + 6);
        // What is called most is compiled before anything is measured.
        for (int i = 0; i < 3; i++) for (var side : List.of(with, without)) side.round(each);
        var differences = new ArrayList<Double>();
        for (int i = 0; i < rounds; i++) {
            for (var side : i % 2 == 0 ? List.of(with, without) : List.of(without, with))
                side.micros.add(side.round(each));
            differences.add(with.micros.getLast() - without.micros.getLast());
        }
        differences.sort(null);
        System.out.printf(
                Locale.ROOT,
                "CPU of a GET, medians of %d rounds in turn: with priority and fairness %.1f µs, with plain limits %.1f µs;"
                        + " differences of pairs: median %.1f µs (%.1f to %.1f)%n",
                rounds,
                with.median(),
                without.median(),
                differences.get(rounds / 2),
                differences.getFirst(),
                differences.getLast());
        for (var side : List.of(with, without)) {
            for (var connection : side.connections) connection.close();
            side.server.clear("/api/v1/namespaces/" + NAMESPACE);
        }
    }
}
