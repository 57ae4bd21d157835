package io.navarch.benchmarks.api;

import io.navarch.benchmarks.Load;
import io.navarch.http.EventLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/// Two users of the same priority level, each a flow of its own. One asks for far more than the server can do, of what
/// is dear to the server and cheap to ask for, so that who asks takes little of the machine; the other asks for little.
///
/// The capacity is what the first gets when a few clients of his ask without a pause and nobody else does.
final class Flood implements AutoCloseable {
    private static final String NAMESPACE = "flood";
    private static final String CORE = "/api/v1/namespaces/" + NAMESPACE;
    private static final int PODS = 10_000;
    private static final int CLIENTS = 8;
    /// Each may have a hundred calls under way; what would be more never leaves the client.
    private static final int CONNECTIONS = 16;
    private static final int OBJECTS = 400;
    private static final int PROBES = 100;

    /// Who waits longer has given up.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int[] OVERLOADS = {1, 2, 5, 10};

    enum Dear {
        /// A list in which all objects are looked at and none is sent.
        LISTS,
        /// Server-side apply of a Deployment of 5 KB.
        APPLIES
    }

    private final Server server;
    private final List<Dear> kinds;
    private final EventLoops probing = new EventLoops(1);
    private final List<Connection> flooding = new ArrayList<>();
    private final List<Connection> probes = new ArrayList<>();
    private final AtomicLong floodAnswered = new AtomicLong();
    private final AtomicLong othersAnswered = new AtomicLong();

    Flood(Server server, List<Dear> kinds) throws IOException, InterruptedException {
        this.server = server;
        this.kinds = kinds;
        server.namespace(NAMESPACE);
        if (kinds.contains(Dear.LISTS))
            new Lists(server).fill(CORE + "/pods", PODS, number -> Bodies.pod("p" + number, "\"app\":\"a\""));
        var one = new Users(server, NAMESPACE);
        var flooder = server.as(one.token("flooder"));
        var other = server.as(one.token("other"));
        for (int i = 0; i < CONNECTIONS; i++) flooding.add(flooder.connect());
        for (int i = 0; i < 2; i++) probes.add(other.connect(probing));
        for (int i = 0; i < OBJECTS; i++) {
            probes.getFirst()
                    .call("POST", CORE + "/configmaps", Bodies.JSON, Bodies.configMap("own-" + i, "", 1000, 0))
                    .expect(201);
        }
    }

    private static Pace.Asked asked(Dear dear, long number) {
        if (dear == Dear.LISTS) return Pace.Asked.get(CORE + "/pods?fieldSelector=spec.nodeName%3Dnone");
        var name = "d" + number % OBJECTS;
        return new Pace.Asked(
                "PATCH",
                "/apis/apps/v1/namespaces/" + NAMESPACE + "/deployments/" + name + "?fieldManager=bench&force=true",
                Bodies.APPLY,
                Bodies.deployment(name, number));
    }

    private double capacity(Dear dear, Duration time) throws InterruptedException {
        var load = Load.run(CLIENTS, time, number -> {
            var one = asked(dear, number);
            int code = flooding.get((int) (number % flooding.size()))
                    .call(one.method(), one.path(), one.type(), one.body())
                    .code();
            if (code != 200 && code != 201 && code != 429) throw new IllegalStateException("answer " + code);
        });
        return load.rate();
    }

    /// The other's calls: in turn one reads an object, and one changes it.
    private static Pace.Asked probe(int number) {
        var path = CORE + "/configmaps/own-" + number / 2 % OBJECTS;
        if (number % 2 == 0) return Pace.Asked.get(path);
        return new Pace.Asked(
                "PATCH", path, Bodies.MERGE, Bodies.bytes("{\"data\":{\"value\":\"" + System.nanoTime() + "\"}}"));
    }

    private Pace.Outcome probe(Duration time) {
        return Pace.run(probes, Flood::probe, PROBES, time, PATIENCE, othersAnswered, floodAnswered::get);
    }

    /// The other's times beside a flood of ten times the capacity and without it, in turn.
    void others(Duration time, int rounds) throws InterruptedException {
        var each = time.dividedBy(kinds.size() * (2L * rounds + 1));
        for (var dear : kinds) {
            capacity(dear, each.dividedBy(2));
            probe(each.dividedBy(2));
            double capacity = capacity(dear, each);
            System.out.printf(
                    Locale.ROOT,
                    "a flood of %s: capacity %.0f /s by %d clients, offered 10 times as many; %d other calls/s%n",
                    dear.name().toLowerCase(Locale.ROOT),
                    capacity,
                    CLIENTS,
                    PROBES);
            System.out.println("  round   quiet p50 ms  p99 ms   flood p50 ms  p99 ms   flood: answered/s  refused/s"
                    + "   failed others  overtaken p50  p99   cores: server  clients");
            var quiet = new ArrayList<Pace.Outcome>();
            var loud = new ArrayList<Pace.Outcome>();
            for (int i = 1; i <= rounds; i++) {
                quiet.add(probe(each));
                double cpu = server.cpuSeconds();
                double own = Users.cpuSeconds();
                long start = System.nanoTime();
                var flood = new Pace.Outcome[1];
                var thread = Thread.ofPlatform()
                        .start(() -> flood[0] = Pace.run(
                                flooding,
                                number -> asked(dear, number),
                                10 * capacity,
                                each.plusMillis(500),
                                Duration.ZERO,
                                floodAnswered,
                                othersAnswered::get));
                Thread.sleep(300);
                loud.add(probe(each));
                thread.join();
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "  %5d   %12.2f  %6.2f   %12.2f  %6.2f   %17.0f  %9.0f   %13d  %13.0f  %3.0f   %13.2f  %7.2f%n",
                        i,
                        quiet.getLast().millis(0.5),
                        quiet.getLast().millis(0.99),
                        loud.getLast().millis(0.5),
                        loud.getLast().millis(0.99),
                        flood[0].goodput(),
                        flood[0].refused() * 1e3 / each.plusMillis(500).toMillis(),
                        loud.getLast().failed() + loud.getLast().refused(),
                        loud.getLast().overtaken(0.5),
                        loud.getLast().overtaken(0.99),
                        (server.cpuSeconds() - cpu) / seconds,
                        (Users.cpuSeconds() - own) / seconds);
                settle();
            }
            double before = median(quiet, outcome -> outcome.millis(0.99));
            double beside = median(loud, outcome -> outcome.millis(0.99));
            System.out.printf(
                    Locale.ROOT,
                    " median   %12.2f  %6.2f   %12.2f  %6.2f   p99 %.1f times the quiet one%n",
                    median(quiet, outcome -> outcome.millis(0.5)),
                    before,
                    median(loud, outcome -> outcome.millis(0.5)),
                    beside,
                    beside / before);
        }
    }

    /// What is answered in time as more and more is asked for.
    void goodput(Duration time, int rounds) throws InterruptedException {
        var each = time.dividedBy(kinds.size() * (OVERLOADS.length * (long) rounds + 2));
        for (var dear : kinds) {
            var kind = dear.name().toLowerCase(Locale.ROOT);
            capacity(dear, each);
            double capacity = capacity(dear, each);
            System.out.printf(Locale.ROOT, "goodput of %s: capacity %.0f /s by %d clients%n", kind, capacity, CLIENTS);
            System.out.println("  offered  answered/s  refused/s  of capacity  p50 ms  p99 ms  cores: clients");
            var outcomes = new ArrayList<ArrayList<Pace.Outcome>>();
            var own = new ArrayList<ArrayList<Double>>();
            for (int i = 0; i < OVERLOADS.length; i++) {
                outcomes.add(new ArrayList<>());
                own.add(new ArrayList<>());
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < OVERLOADS.length; i++) {
                    double cpu = Users.cpuSeconds();
                    var one = Pace.run(
                            flooding,
                            number -> asked(dear, number),
                            OVERLOADS[i] * capacity,
                            each,
                            Duration.ZERO,
                            floodAnswered,
                            othersAnswered::get);
                    outcomes.get(i).add(one);
                    own.get(i).add((Users.cpuSeconds() - cpu) / (each.toMillis() / 1e3));
                    settle();
                }
            }
            for (int i = 0; i < OVERLOADS.length; i++) {
                var all = outcomes.get(i);
                double answered = median(all, Pace.Outcome::goodput);
                System.out.printf(
                        Locale.ROOT,
                        "  %6dx  %10.0f  %9.0f  %10.0f%%  %6.1f  %6.1f  %14.2f  %s%n",
                        OVERLOADS[i],
                        answered,
                        median(
                                all,
                                outcome -> outcome.refused() / (outcome.took().toMillis() / 1e3)),
                        100 * answered / capacity,
                        median(all, outcome -> outcome.millis(0.5)),
                        median(all, outcome -> outcome.millis(0.99)),
                        own.get(i).stream().sorted().toList().get(own.get(i).size() / 2),
                        "#".repeat((int) Math.clamp(40 * answered / capacity, 0, 60)));
            }
        }
    }

    /// Waits until nobody waits for the server any more.
    private void settle() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            flooding.getFirst().get("/readyz");
            Thread.sleep(700);
        }
    }

    private static double median(List<Pace.Outcome> outcomes, ToDoubleFunction<Pace.Outcome> figure) {
        return outcomes.stream().mapToDouble(figure).sorted().toArray()[outcomes.size() / 2];
    }

    @Override
    public void close() {
        for (var connection : flooding) connection.close();
        for (var connection : probes) connection.close();
        server.clear("/api/v1/namespaces/" + NAMESPACE);
        probing.close();
    }
}
