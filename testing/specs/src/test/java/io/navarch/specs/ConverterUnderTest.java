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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// A webhook that converts between objects with `hostPort` (v1) and such with `host` and `port` (v2), over TLS.
/// It lies as it is told to.
final class ConverterUnderTest implements AutoCloseable {
    private final HttpsServer server;
    private final Pki pki;
    /// The requests that it was sent.
    final List<View> asked = new CopyOnWriteArrayList<>();
    /// What is done to the answer, which it may replace by a text.
    volatile UnaryOperator<Object> lie = UnaryOperator.identity();

    ConverterUnderTest(Path directory) throws IOException, GeneralSecurityException {
        pki = new Pki(directory, InstantSource.system());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var tls = SSLContext.getInstance("TLS");
        var pair = pki.server("converter", "converter", List.of("127.0.0.1"));
        tls.init(new KeyManager[] {PlaneUnderTest.managing(pair)}, null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/convert", this::review);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/convert";
    }

    /// How a definition names it.
    String config() {
        return "{strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: '" + url()
                + "', caBundle: " + bundle() + "}}}";
    }

    private String bundle() {
        return Base64.getEncoder().encodeToString(pki.authorityPem().getBytes(StandardCharsets.US_ASCII));
    }

    int objects() {
        return asked.stream()
                .mapToInt(request -> request.get("objects").list().size())
                .sum();
    }

    private void review(HttpExchange exchange) throws IOException {
        var review = View.of(Json.parse(exchange.getRequestBody()));
        var request = review.get("request");
        asked.add(request);
        var converted = new ArrayList<Object>();
        for (var object : request.get("objects").views())
            converted.add(convert(object, request.get("desiredAPIVersion").string()));
        Object answer = Trees.map(
                "apiVersion",
                review.get("apiVersion").string(),
                "kind",
                "ConversionReview",
                "response",
                Trees.map(
                        "uid",
                        request.get("uid").string(),
                        "convertedObjects",
                        converted,
                        "result",
                        Trees.map("status", "Success")));
        answer = lie.apply(answer);
        send(exchange, answer instanceof String text ? text : Json.writeString(answer));
    }

    private static Map<String, Object> convert(View object, String wanted) {
        var result = Trees.copy(object.map());
        result.put("apiVersion", wanted);
        if (wanted.endsWith("/v2")) {
            var parts = String.valueOf(result.remove("hostPort")).split(":");
            result.put("host", parts[0]);
            if (parts.length > 1) result.put("port", parts[1]);
            return result;
        }
        var port = result.remove("port");
        result.put("hostPort", result.remove("host") + (port == null ? "" : ":" + port));
        return result;
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        try (var body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
