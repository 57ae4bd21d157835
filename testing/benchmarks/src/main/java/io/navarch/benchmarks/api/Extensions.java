package io.navarch.benchmarks.api;

import io.navarch.benchmarks.Load;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// What extending the API costs: definitions, custom resources, a policy, a webhook and a server behind an APIService.
/// Each is compared with the same call without it, in turn.
final class Extensions {
    private static final int ROUNDS = 5;
    private static final int SCRAPES = 40;
    private static final String SPACE = "extensions";
    private static final String GROUP = "bench.example.com";
    private static final String MAPS = "/api/v1/namespaces/" + SPACE + "/configmaps";
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String POLICIES = "/apis/admissionregistration.k8s.io/v1/";

    private final Server server;
    private final Duration each;
    private long made;

    Extensions(Server server, Duration each) {
        this.server = server;
        this.each = each;
        server.namespace(SPACE);
    }

    /// @param count how many definitions, of 100 KB each
    void definitions(int count) throws IOException, InterruptedException {
        double before = server.memory();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++)
            send("POST", DEFINITIONS, Definitions.large("thing" + i, GROUP)).expect(201);
        double sent = (System.nanoTime() - start) / 1e9;
        int bytes = Definitions.large("thing0", GROUP).length;
        while (served() < count) TimeUnit.MILLISECONDS.sleep(20);
        System.out.printf(
                Locale.ROOT,
                "%d definitions of %.0f KB: sent in %.1f s, all established and in discovery after %.1f s%n",
                count,
                bytes / 1e3,
                sent,
                (System.nanoTime() - start) / 1e9);
        scrape();
        System.out.printf(Locale.ROOT, "memory a definition: %.0f KB%n", (server.memory() - before) / 1e3 / count);
    }

    /// As Prometheus does it; the first times are those of a server that has not been compiled yet.
    private void scrape() {
        var took = new long[SCRAPES];
        int bytes = 0;
        for (int i = 0; i < SCRAPES; i++) {
            long start = System.nanoTime();
            bytes = server.control().get("/metrics").body().length;
            took[i] = (System.nanoTime() - start) / 1000;
        }
        System.out.printf(Locale.ROOT, "a scrape of /metrics: %.0f KB, first %.1f ms", bytes / 1e3, took[0] / 1e3);
        Arrays.sort(took);
        System.out.printf(
                Locale.ROOT, ", median %.1f ms, longest %.1f ms%n", took[SCRAPES / 2] / 1e3, took[SCRAPES - 1] / 1e3);
    }

    private long served() {
        var found = server.control().get("/apis/" + GROUP + "/v1");
        if (found.code() != 200) return 0;
        return View.of(Json.parse(found.body())).get("resources").stream()
                .filter(resource -> resource.get("name").string().startsWith("thing"))
                .count();
    }

    void run() throws IOException, InterruptedException {
        try (var other = new ExtensionServer()) {
            custom();
            compare("a policy with 5 rules", this::createMap, () -> with("policy", other), () -> without("policy"));
            compare("a webhook", this::createMap, () -> with("webhook", other), () -> without("webhook"));
            aggregated(other);
        } finally {
            server.clear("/api/v1/namespaces/" + SPACE);
        }
    }

    private void custom() throws InterruptedException {
        send("POST", DEFINITIONS, Definitions.small("widget", GROUP)).expect(201);
        var path = "/apis/" + GROUP + "/v1/namespaces/" + SPACE + "/widgets";
        while (server.control().get(path).code() != 200) TimeUnit.MILLISECONDS.sleep(20);
        System.out.println("creations of 5 KB: custom resources, then ConfigMaps");
        for (int i = 0; i < ROUNDS; i++) {
            var widgets = Load.run(
                    4,
                    each,
                    number ->
                            send("POST", path, Definitions.widget("w" + made++)).expect(201));
            var maps = Load.run(4, each, number -> createMap());
            System.out.printf(
                    Locale.ROOT,
                    "  %6.0f /s p50 %5d µs   %6.0f /s p50 %5d µs   %.2f times%n",
                    widgets.rate(),
                    widgets.percentile(0.5),
                    maps.rate(),
                    maps.percentile(0.5),
                    maps.rate() / widgets.rate());
            server.clear(path);
            server.clear(MAPS);
        }
        server.clear(DEFINITIONS + "/widgets." + GROUP);
    }

    private void createMap() {
        server.control()
                .call("POST", MAPS, Bodies.JSON, Bodies.configMap("m" + System.nanoTime(), "", 5000, 0))
                .expect(201);
    }

    /// A step that is taken between two rounds.
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void compare(String what, Runnable call, Step begin, Step end) throws IOException, InterruptedException {
        System.out.println("a call without and with " + what);
        for (int i = 0; i < ROUNDS; i++) {
            var without = Load.run(1, each, number -> call.run());
            begin.run();
            var with = Load.run(1, each, number -> call.run());
            end.run();
            server.clear(MAPS);
            System.out.printf(
                    Locale.ROOT,
                    "  p50 %5d µs   %5d µs   %+5d µs%n",
                    without.percentile(0.5),
                    with.percentile(0.5),
                    with.percentile(0.5) - without.percentile(0.5));
        }
    }

    private void with(String what, ExtensionServer other) throws InterruptedException {
        if (what.equals("policy")) {
            send("POST", POLICIES + "validatingadmissionpolicies", Definitions.policy(SPACE))
                    .expect(201);
            send("POST", POLICIES + "validatingadmissionpolicybindings", Definitions.binding())
                    .expect(201);
        } else {
            send(
                            "POST",
                            POLICIES + "validatingwebhookconfigurations",
                            Definitions.webhook(SPACE, other.port(), other.authority()))
                    .expect(201);
        }
        // Until it is in force.
        while (send("POST", MAPS, Bodies.configMap("refused", "", 10, 0)).code() < 400) {
            server.clear(MAPS + "/refused");
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void without(String what) throws InterruptedException {
        if (what.equals("policy")) {
            server.clear(POLICIES + "validatingadmissionpolicybindings/bench");
            server.clear(POLICIES + "validatingadmissionpolicies/bench");
        } else {
            server.clear(POLICIES + "validatingwebhookconfigurations/bench");
        }
        while (send("POST", MAPS, Bodies.configMap("refused", "", 10, 0)).code() >= 400)
            TimeUnit.MILLISECONDS.sleep(20);
        server.clear(MAPS + "/refused");
    }

    private void aggregated(ExtensionServer other) throws IOException, InterruptedException {
        var services = "/api/v1/namespaces/" + SPACE;
        send("POST", services + "/services", Definitions.service()).expect(201);
        send("POST", services + "/endpoints", Definitions.endpoints(other)).expect(201);
        send("POST", "/apis/apiregistration.k8s.io/v1/apiservices", Definitions.apiService(SPACE, other.authority()))
                .expect(201);
        var path = "/apis/" + ExtensionServer.GROUP + "/v1/toys";
        while (server.control().get(path).code() != 200) TimeUnit.MILLISECONDS.sleep(100);
        System.out.println("a GET of another server's: the whole of it");
        for (int i = 0; i < ROUNDS; i++) {
            var load = Load.run(1, each, number -> server.control().get(path).expect(200));
            System.out.printf(Locale.ROOT, "  p50 %5d µs   p99 %6d µs%n", load.percentile(0.5), load.percentile(0.99));
        }
        server.clear("/apis/apiregistration.k8s.io/v1/apiservices/v1." + ExtensionServer.GROUP);
    }

    private Connection.Answer send(String method, String path, byte[] body) {
        return server.control().call(method, path, Bodies.JSON, body);
    }
}
