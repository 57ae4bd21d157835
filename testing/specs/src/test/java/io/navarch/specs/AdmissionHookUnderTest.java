package io.navarch.specs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// An admission webhook over TLS. What it answers is in its path.
final class AdmissionHookUnderTest implements AutoCloseable {
    /// @param path without the query
    record Asked(String path, String query, View review, String authorization) {
        View request() {
            return review.get("request");
        }
    }

    private final HttpsServer server;
    private final Pki pki;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Function<View, Map<String, Object>>> answers = new ConcurrentHashMap<>();
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    AdmissionHookUnderTest(Path directory, String... names) throws IOException, GeneralSecurityException {
        pki = new Pki(directory, InstantSource.system());
        server = HttpsServer.create(new InetSocketAddress(0), 0);
        var pair = pki.server("webhook", "webhook", List.of(names));
        var tls = SSLContext.getInstance("TLS");
        tls.init(new KeyManager[] {PlaneUnderTest.managing(pair)}, null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        answers.put("/allow", request -> Map.of("allowed", true));
        answers.put("/deny", request -> denial(Trees.map("message", "this webhook denies all requests")));
        answers.put("/unexplained", request -> Map.of("allowed", false));
        answers.put(
                "/teapot",
                request -> denial(Trees.map("message", "short and stout", "code", 418L, "reason", "Teapot")));
        answers.put("/reason", request -> denial(Trees.map("reason", "Because")));
        answers.put("/warn", request -> Trees.map("allowed", true, "warnings", List.of("look out")));
    }

    static Map<String, Object> denial(Map<String, Object> status) {
        return Trees.map("allowed", false, "status", status);
    }

    static Map<String, Object> patch(String operations) {
        var encoded = Base64.getEncoder().encodeToString(operations.getBytes(StandardCharsets.UTF_8));
        return Trees.map("allowed", true, "patchType", "JSONPatch", "patch", encoded);
    }

    /// Lets a path answer something.
    void on(String path, Function<View, Map<String, Object>> answer) {
        answers.put(path, answer);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String authority() {
        return Base64.getEncoder().encodeToString(pki.authorityPem().getBytes(StandardCharsets.US_ASCII));
    }

    List<View> asked(String path) {
        return asked.stream()
                .filter(each -> each.path.equals(path))
                .map(Asked::request)
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        var uri = exchange.getRequestURI();
        var review = View.of(Json.parse(exchange.getRequestBody().readAllBytes()));
        asked.add(new Asked(
                uri.getPath(),
                uri.getQuery(),
                review,
                String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
        var known = answers.get(uri.getPath());
        if (known != null) respond(exchange, review, known.apply(review.get("request")));
        else misbehave(exchange, review, uri.getPath());
    }

    private void misbehave(HttpExchange exchange, View review, String how) throws IOException {
        var allowed =
                Trees.map("allowed", true, "uid", review.get("request", "uid").string());
        switch (how) {
            case "/slow" -> {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                respond(exchange, review, Map.of("allowed", true));
            }
            case "/garbage" -> send(exchange, 200, "<html>no</html>");
            case "/empty" -> send(exchange, 200, "");
            case "/braces" -> send(exchange, 200, "{}");
            case "/huge" -> send(exchange, 200, " ".repeat(9 << 20));
            case "/500" -> send(exchange, 500, "no such luck");
            case "/redirect" -> {
                exchange.getResponseHeaders().set("Location", "https://127.0.0.1:" + port() + "/allow");
                send(exchange, 307, "elsewhere");
            }
            case "/hangup" -> exchange.close();
            case "/uid" -> of(exchange, "admission.k8s.io/v1", "AdmissionReview", Map.of("allowed", true, "uid", "x"));
            case "/kind" -> of(exchange, "admission.k8s.io/v1", "TokenReview", allowed);
            case "/version" -> of(exchange, "admission.k8s.io/v1beta1", "AdmissionReview", allowed);
            case "/nokind" -> send(exchange, 200, Json.writeString(Trees.map("response", allowed)));
            case "/type" ->
                of(exchange, "admission.k8s.io/v1", "AdmissionReview", Map.of("allowed", "true", "uid", "x"));
            default -> send(exchange, 404, "nobody here");
        }
    }

    private static void respond(HttpExchange exchange, View review, Map<String, Object> response) throws IOException {
        var answer = Trees.map("uid", review.get("request", "uid").string());
        answer.putAll(response);
        of(exchange, review.get("apiVersion").string(), "AdmissionReview", answer);
    }

    private static void of(HttpExchange exchange, String version, String kind, Map<String, Object> response)
            throws IOException {
        send(exchange, 200, Json.writeString(Trees.map("apiVersion", version, "kind", kind, "response", response)));
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        try (var body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
