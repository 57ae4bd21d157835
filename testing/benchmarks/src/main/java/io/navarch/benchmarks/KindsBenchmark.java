package io.navarch.benchmarks;

import io.navarch.benchmarks.api.TakesAnyServer;
import io.navarch.kinds.BuiltInKinds;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/// Arguments: `startup`, or `api URL TOKEN PID`: what the kinds cost when the server starts, and what a pod costs with
/// everything that is done for it.
public final class KindsBenchmark {
    private static final int PODS = 10_000;
    private static final long TICKS_A_SECOND = 100;
    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    private final HttpClient http;
    private final String url;
    private final String token;
    private final Path stat;

    private KindsBenchmark(String[] arguments) throws GeneralSecurityException {
        url = arguments[1];
        token = arguments[2];
        stat = Path.of("/proc", arguments[3], "stat");
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TakesAnyServer.context())
                .build();
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("startup")) {
            long start = System.nanoTime();
            int kinds = BuiltInKinds.all(BuiltInKinds.types()).size();
            System.out.printf(
                    "definitions of %d kinds, fresh process: %d ms%n", kinds, (System.nanoTime() - start) / 1_000_000);
            return;
        }
        System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
        new KindsBenchmark(arguments).run();
    }

    private void run() throws Exception {
        System.out.printf("OpenAPI v3 index and all documents, first: %d ms%n", millis(() -> get("/openapi/v3", "")));
        System.out.printf("OpenAPI v2, first: %d ms%n", millis(() -> get("/openapi/v2", "")));
        System.out.printf("OpenAPI v2, again: %d ms%n", millis(() -> get("/openapi/v2", "")));
        send("POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"bench\"}}");
        Thread.sleep(1000);
        creates("?dryRun=All", "dry", 4000, 1);
        creates("?dryRun=All", "dry", 8000, 4);
        cost("pod create without storing it", "?dryRun=All", "dry", 8000);
        cost("pod create, stored durably, 8 clients", "", "p", PODS);
        lists();
    }

    private void cost(String what, String query, String name, int count) throws Exception {
        double before = cpu();
        long start = System.nanoTime();
        creates(query, name, count, 8);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%s: %.2f ms CPU of the server each, %.0f a second%n",
                what, (cpu() - before) * 1000 / count, count / seconds);
    }

    private void creates(String query, String name, int count, int clients) throws Exception {
        var next = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int number; (number = next.getAndIncrement()) < count; ) {
                    try {
                        send("POST", "/api/v1/namespaces/bench/pods" + query, pod(name + number));
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
        }
        for (var thread : threads) thread.join();
    }

    private static String pod(String name) {
        return """
                {"metadata":{"name":"%s","labels":{"app":"web","tier":"front"}},
                 "spec":{"containers":[
                   {"name":"web","image":"nginx:1.27","ports":[{"name":"http","containerPort":80}],
                    "env":[{"name":"A","value":"b"},{"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}}],
                    "resources":{"requests":{"cpu":"100m","memory":"64Mi"},"limits":{"memory":"128Mi"}},
                    "readinessProbe":{"httpGet":{"path":"/","port":"http"}},
                    "volumeMounts":[{"name":"data","mountPath":"/data"}]},
                   {"name":"side","image":"busybox","command":["sleep","inf"]}],
                  "volumes":[{"name":"data","emptyDir":{}}],
                  "nodeSelector":{"none":"such"}}}
                """.formatted(name);
    }

    private void lists() throws Exception {
        var path = "/api/v1/namespaces/bench/pods";
        var json = new long[15];
        var protobuf = new long[15];
        long[] sizes = new long[2];
        for (int i = 0; i < json.length; i++) {
            long start = System.nanoTime();
            sizes[0] = get(path, "application/json").length;
            long middle = System.nanoTime();
            sizes[1] = get(path, PROTOBUF).length;
            json[i] = (middle - start) / 1000;
            protobuf[i] = (System.nanoTime() - middle) / 1000;
        }
        System.out.printf(
                "LIST of %d pods, JSON, first: %,d µs; protobuf, first: %,d µs%n", PODS, json[0], protobuf[0]);
        Arrays.sort(json);
        Arrays.sort(protobuf);
        System.out.printf(
                "LIST of %d pods: JSON (%,d bytes) p50 %,d µs, protobuf (%,d bytes) p50 %,d µs, ratio %.2f%n",
                PODS, sizes[0], json[7], sizes[1], protobuf[7], (double) protobuf[7] / json[7]);
    }

    private static long millis(Callable<?> call) throws Exception {
        long start = System.nanoTime();
        call.call();
        return (System.nanoTime() - start) / 1_000_000;
    }

    /// Seconds of CPU that the server has used.
    private double cpu() throws IOException {
        var text = Files.readString(stat);
        var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (double) (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
    }

    private byte[] get(String path, String accept) throws IOException, InterruptedException {
        var request = request(path).GET();
        if (!accept.isEmpty()) request.header("Accept", accept);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private void send(String method, String path, String body) throws IOException, InterruptedException {
        var request = request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 300)
            throw new IllegalStateException(new String(answer.body(), StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }
}
