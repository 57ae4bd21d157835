package io.navarch.specs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// A webhook that is asked whether somebody may do something, over TLS. What it answers is in the last part of the
/// user's name, so that the original can be asked with the same questions.
final class WebhookUnderTest implements AutoCloseable {
    /// A call of it.
    record Asked(String uri, String authorization, View review) {
        String user() {
            return review.get("spec", "user").string();
        }
    }

    private final HttpsServer server;
    private final Pki pki;
    private final CountDownLatch closed = new CountDownLatch(1);
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    WebhookUnderTest(Path directory) throws IOException, GeneralSecurityException {
        pki = new Pki(directory, InstantSource.system());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var pair = pki.server("webhook", "webhook", List.of("127.0.0.1"));
        var tls = SSLContext.getInstance("TLS");
        tls.init(new KeyManager[] {PlaneUnderTest.managing(pair)}, null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/authorize", this::review);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String authority() {
        return pki.authorityPem();
    }

    /// A file with which somebody is found.
    static String kubeconfig(String server, String authority) {
        var encoded = Base64.getEncoder().encodeToString(authority.getBytes(StandardCharsets.US_ASCII));
        return "{clusters: [{name: c, cluster: {server: '" + server + "', certificate-authority-data: " + encoded
                + "}}], users: [{name: u, user: {token: secret-of-server}}], contexts: [{name: x, context: {cluster: c,"
                + " user: u}}], current-context: x}";
    }

    private void review(HttpExchange exchange) throws IOException {
        var review = View.of(Json.parse(exchange.getRequestBody()));
        var call = new Asked(
                exchange.getRequestURI().toString(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                review);
        asked.add(call);
        var user = call.user();
        answer(exchange, review, user.substring(user.lastIndexOf('-') + 1));
    }

    private void answer(HttpExchange exchange, View review, String what) throws IOException {
        var version = review.get("apiVersion").string();
        switch (what) {
            case "allow" -> status(exchange, review, Map.of("allowed", true));
            case "allowed" -> status(exchange, review, Map.of("allowed", true, "reason", "because of the webhook"));
            case "deny" ->
                status(exchange, review, Map.of("allowed", false, "denied", true, "reason", "denied by the webhook"));
            case "denied" -> status(exchange, review, Map.of("allowed", false, "denied", true));
            case "both" -> status(exchange, review, Map.of("allowed", true, "denied", true, "reason", "who knows"));
            case "evalerr" ->
                status(exchange, review, Map.of("allowed", false, "evaluationError", "inner trouble", "reason", "r"));
            case "reason" -> status(exchange, review, Map.of("allowed", false, "reason", "the webhook has no opinion"));
            case "unknown" -> status(exchange, review, Map.of("allowed", true, "more", true));
            case "wrongtype" -> status(exchange, review, Map.of("allowed", "true"));
            case "empty" -> send(exchange, 200, "");
            case "braces" -> send(exchange, 200, "{}");
            case "array" -> send(exchange, 200, "[]");
            case "garbage" -> send(exchange, 200, "<html>no</html>");
            case "text" -> send(exchange, 200, "hello");
            case "nokind" -> send(exchange, 200, Trees.map("apiVersion", version, "status", Map.of("allowed", true)));
            case "noversion" ->
                send(exchange, 200, Trees.map("kind", "SubjectAccessReview", "status", Map.of("allowed", true)));
            case "otherkind" -> of(exchange, 200, "authentication.k8s.io/v1", "TokenReview");
            case "otherversion" -> of(exchange, 200, "authorization.k8s.io/v7", "SubjectAccessReview");
            case "swapped" ->
                of(
                        exchange,
                        200,
                        version.endsWith("/v1") ? version + "beta1" : version.replace("beta1", ""),
                        "SubjectAccessReview");
            case "nostatus" -> send(exchange, 200, Trees.map("apiVersion", version, "kind", "SubjectAccessReview"));
            case "created" -> of(exchange, 201, version, "SubjectAccessReview");
            case "status" -> send(exchange, 400, failure());
            case "okstatus" -> send(exchange, 200, failure());
            case "slow" -> slow(exchange, review);
            case "trickle" -> trickle(exchange);
            case "huge" -> send(exchange, 200, " ".repeat(2 << 20));
            case "hangup" -> exchange.close();
            default -> {
                if (what.matches("[0-9]{3}")) send(exchange, Integer.parseInt(what), "no such luck");
                else status(exchange, review, Map.of("allowed", false));
            }
        }
    }

    private static Map<String, Object> failure() {
        return Trees.map(
                "apiVersion",
                "v1",
                "kind",
                "Status",
                "status",
                "Failure",
                "message",
                "says the webhook",
                "reason",
                "BadRequest",
                "code",
                400L);
    }

    private void slow(HttpExchange exchange, View review) throws IOException {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        status(exchange, review, Map.of("allowed", true));
    }

    /// Begins an answer that goes on without end.
    private void trickle(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 1000);
        try (var body = exchange.getResponseBody()) {
            while (!closed.await(100, TimeUnit.MILLISECONDS)) {
                body.write(' ');
                body.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void of(HttpExchange exchange, int code, String version, String kind) throws IOException {
        send(exchange, code, Trees.map("apiVersion", version, "kind", kind, "status", Map.of("allowed", true)));
    }

    private static void status(HttpExchange exchange, View review, Map<String, Object> status) throws IOException {
        send(
                exchange,
                200,
                Trees.map(
                        "apiVersion",
                        review.get("apiVersion").string(),
                        "kind",
                        "SubjectAccessReview",
                        "status",
                        status));
    }

    private static void send(HttpExchange exchange, int code, Map<String, Object> tree) throws IOException {
        send(exchange, code, Json.writeString(tree));
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
