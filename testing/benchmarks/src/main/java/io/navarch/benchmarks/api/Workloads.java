package io.navarch.benchmarks.api;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/// Controllers at work, on a server with hollow nodes: how long until everything is as it should be, and what that
/// costs.
final class Workloads {
    private static final String NAMESPACE = "bench-controllers";
    private static final String PODS = "/api/v1/namespaces/" + NAMESPACE + "/pods";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/" + NAMESPACE + "/deployments";
    private static final String JOBS = "/apis/batch/v1/namespaces/" + NAMESPACE + "/jobs";
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final Server server;

    Workloads(Server server) {
        this.server = server;
    }

    private interface Work {
        void run() throws Exception;
    }

    /// @param objects that the costs are told for
    private void measure(String what, int objects, String each, Work work) throws Exception {
        double calls = calls();
        double cpu = server.cpuSeconds();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%-44s %7.1f s  %8.0f/s  %5.1f calls  %5.2f ms CPU a %s%n",
                what,
                seconds,
                objects / seconds,
                (calls() - calls) / objects,
                (server.cpuSeconds() - cpu) * 1000 / objects,
                each);
    }

    /// All calls but those that keep nodes alive.
    private double calls() {
        var lines = Pattern.compile("^apiserver_request_total\\{(.*)} (\\S+)$", Pattern.MULTILINE)
                .matcher(server.control().get("/metrics").text());
        double sum = 0;
        while (lines.find()) if (!lines.group(1).contains("\"leases\"")) sum += Double.parseDouble(lines.group(2));
        return sum;
    }

    private void begin() throws InterruptedException {
        server.control()
                .call(
                        "POST",
                        "/api/v1/namespaces",
                        Bodies.JSON,
                        Bodies.bytes("{\"metadata\":{\"name\":\"" + NAMESPACE + "\"}}"))
                .expect(201);
        until(() -> server.control()
                        .get("/api/v1/namespaces/" + NAMESPACE + "/serviceaccounts/default")
                        .code()
                == 200);
    }

    private void end() throws InterruptedException {
        server.control().call("DELETE", "/api/v1/namespaces/" + NAMESPACE, null, null);
        until(() -> server.control().get("/api/v1/namespaces/" + NAMESPACE).code() == 404);
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) throw new IllegalStateException("not within " + LIMIT);
            Thread.sleep(250);
        }
    }

    /// So many calls, 64 at once.
    private static void each(int count, IntConsumer call) throws InterruptedException {
        var room = new Semaphore(64);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                room.acquire();
                threads.submit(() -> {
                    try {
                        call.accept(number);
                    } finally {
                        room.release();
                    }
                });
            }
        }
    }

    private void post(String path, String body) {
        server.control().call("POST", path, Bodies.JSON, Bodies.bytes(body)).expect(201);
    }

    private View list(String path) {
        return View.of(Json.parse(server.control().get(path).expect(200).body()));
    }

    private int count(String path) {
        var page = list(path + "?limit=1");
        return page.get("items").list().size()
                + page.metadata().get("remainingItemCount").intOr(0);
    }

    private static String deployment(String name, int replicas, String more) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"replicas\":" + replicas + more
                + ",\"selector\":{\"matchLabels\":{\"app\":\"" + name + "\"}},\"template\":" + template(name, "Always")
                + "}}";
    }

    private static String template(String name, String restartPolicy) {
        return "{\"metadata\":{\"labels\":{\"app\":\"" + name + "\"}},\"spec\":{\"restartPolicy\":\"" + restartPolicy
                + "\",\"containers\":[{\"name\":\"c\",\"image\":\"hollow:1\",\"resources\":{\"requests\":"
                + "{\"cpu\":\"10m\",\"memory\":\"16Mi\"}}}]}}";
    }

    private boolean rolledOut(int wanted) {
        var deployments = list(DEPLOYMENTS).get("items").views();
        return deployments.size() == wanted
                && deployments.stream().allMatch(each -> {
                    long replicas = each.spec().get("replicas").longOr(0);
                    return each.status().get("availableReplicas").longOr(0) == replicas
                            && each.status().get("updatedReplicas").longOr(0) == replicas
                            && each.status().get("replicas").longOr(0) == replicas
                            && each.status().get("observedGeneration").longOr(0)
                                    == each.metadata().get("generation").longOr(-1);
                });
    }

    /// So many Deployments of ten pods at once, until all are ready.
    void deployments(int number) throws Exception {
        begin();
        measure(number + " Deployments of 10 pods ready", number * 10, "pod", () -> {
            each(number, i -> post(DEPLOYMENTS, deployment("d" + i, 10, "")));
            until(() -> rolledOut(number));
        });
        System.out.printf(Locale.ROOT, "%-44s %7.0f MiB%n", "memory with them", server.memory() / (1 << 20));
        measure("and their namespace deleted", number * 10, "pod", this::end);
    }

    /// A rolling update of one Deployment.
    void rolling(int replicas) throws Exception {
        begin();
        var strategy =
                ",\"strategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxSurge\":\"25%\",\"maxUnavailable\":\"25%\"}}";
        measure("a Deployment of " + replicas + " ready", replicas, "pod", () -> {
            post(DEPLOYMENTS, deployment("d", replicas, strategy));
            until(() -> rolledOut(1));
        });
        measure("its rolling update", replicas, "pod", () -> {
            server.control()
                    .call(
                            "PATCH",
                            DEPLOYMENTS + "/d",
                            Bodies.MERGE,
                            Bodies.bytes(
                                    "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"revision\":\"2\"}}}}}"))
                    .expect(200);
            until(() -> rolledOut(1));
        });
        end();
    }

    /// A namespace with so many objects goes.
    void namespace(int objects) throws Exception {
        begin();
        each(
                objects,
                i -> server.control()
                        .call(
                                "POST",
                                "/api/v1/namespaces/" + NAMESPACE + "/configmaps",
                                Bodies.JSON,
                                Bodies.configMap("c" + i, "\"a\":\"b\"", 500, i))
                        .expect(201));
        measure("a namespace of " + objects + " objects gone", objects, "object", this::end);
    }

    /// An owner of so many goes, and they with it.
    void garbage(int dependents) throws Exception {
        begin();
        var maps = "/api/v1/namespaces/" + NAMESPACE + "/configmaps";
        var owner = View.of(Json.parse(server.control()
                .call("POST", maps, Bodies.JSON, Bodies.configMap("owner", "\"a\":\"b\"", 1, 0))
                .expect(201)
                .body()));
        each(
                dependents,
                i -> post(
                        maps,
                        "{\"metadata\":{\"name\":\"c" + i
                                + "\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"owner\",\"uid\":\""
                                + owner.uid() + "\"}]}}"));
        measure(dependents + " dependents collected", dependents, "object", () -> {
            server.control().call("DELETE", maps + "/owner", null, null).expect(200);
            // The authority of the cluster stays in every namespace.
            until(() -> count(maps) <= 1);
        });
        end();
    }

    /// So many Jobs of one pod.
    void jobs(int number) throws Exception {
        begin();
        measure(number + " Jobs of one pod complete", number, "Job", () -> {
            each(
                    number,
                    i -> post(
                            JOBS,
                            "{\"metadata\":{\"name\":\"j" + i + "\"},\"spec\":{\"template\":" + template("j", "Never")
                                    + "}}"));
            until(() -> list(JOBS).get("items").stream()
                            .filter(job -> job.condition("Complete").equals("True"))
                            .count()
                    == number);
        });
        if (list(PODS).get("items").stream()
                .anyMatch(pod -> !pod.metadata().get("finalizers").list().isEmpty()))
            throw new IllegalStateException("pods were left uncounted");
        measure("and their namespace deleted", number, "Job", this::end);
    }
}
