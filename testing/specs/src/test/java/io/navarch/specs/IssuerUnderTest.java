package io.navarch.specs;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.navarch.objects.Json;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// An issuer of OpenID Connect: its discovery document and its keys, over TLS.
final class IssuerUnderTest implements AutoCloseable {
    private final HttpsServer server;
    private final Pki pki;
    volatile List<JWK> keys = List.of();
    final List<View> reviews = new CopyOnWriteArrayList<>();

    IssuerUnderTest(Path directory) throws IOException, GeneralSecurityException {
        pki = new Pki(directory, InstantSource.system());
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(exchange, Map.of("issuer", url(), "jwks_uri", url() + "/keys")));
        server.createContext("/keys", exchange -> answer(exchange, new JWKSet(keys).toJSONObject(true)));
        server.createContext("/review", this::review);
        server.start();
    }

    /// As a webhook for tokens: it knows one, for one audience or for none in particular.
    private void review(HttpExchange exchange) throws IOException {
        var review = View.of(Json.parse(exchange.getRequestBody()));
        reviews.add(review);
        var status = review.get("spec", "token").string().equals("known-elsewhere")
                ? Map.<String, Object>of(
                        "authenticated", true, "user", Map.of("username", "zoe", "groups", List.of("guests")))
                : Map.<String, Object>of("authenticated", false);
        var answer = new LinkedHashMap<>(review.map());
        answer.put("status", status);
        answer(exchange, answer);
    }

    /// A file with which the webhook is found.
    String kubeconfig() {
        var authority = Base64.getEncoder().encodeToString(authority().getBytes(StandardCharsets.US_ASCII));
        return "{clusters: [{name: c, cluster: {server: '" + url() + "/review', certificate-authority-data: "
                + authority
                + "}}], users: [{name: u, user: {}}], contexts: [{name: x, context: {cluster: c, user: u}}],"
                + " current-context: x}";
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    String authority() {
        return pki.authorityPem();
    }

    private static void answer(HttpExchange exchange, Map<String, Object> tree) throws IOException {
        var bytes = Json.write(tree);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        try (var body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }

    private SSLContext tls() throws IOException, GeneralSecurityException {
        var pair = pki.server("issuer", "localhost", List.of("127.0.0.1"));
        var context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {PlaneUnderTest.managing(pair)}, null, null);
        return context;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
