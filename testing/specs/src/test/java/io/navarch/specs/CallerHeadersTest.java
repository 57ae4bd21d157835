package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.navarch.apps.Host;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Headers that say who calls: they count from nobody whom the server does not believe, and go no further.
class CallerHeadersTest {
    private static final String REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private static final String REVIEW = "{apiVersion: authentication.k8s.io/v1, kind: SelfSubjectReview}";

    /// As a front proxy would send them, and as a client that acts for others.
    private static final String[] CLAIMED = {
        "X-Remote-User", "root",
        "X-Remote-Uid", "0",
        "X-Remote-Group", "system:masters",
        "X-Remote-Extra-Scopes", "all",
        "x-remote-extra-acme.com%2fproject", "some"
    };

    private static final String[] IMPERSONATED = {
        "Impersonate-User", "zoe",
        "Impersonate-Uid", "u1",
        "Impersonate-Group", "system:masters",
        "Impersonate-Extra-Scopes", "read",
        "X-Kept", "yes"
    };

    @RegisterExtension
    static final PlaneUnderTest PLANE = new PlaneUnderTest();

    private static final String ADDRESS = Host.local().address();
    private static final BlockingQueue<Headers> SEEN = new ArrayBlockingQueue<>(100);
    private static HttpServer pod;
    private static HttpServer agent;

    private final Calls calls = new Calls(PLANE);

    @BeforeAll
    static void behind() throws IOException, GeneralSecurityException {
        pod = HttpServer.create(new InetSocketAddress(ADDRESS, 0), 0);
        var own = new Pki(PLANE.directory().resolve("pki"), InstantSource.system());
        var tls = SSLContext.getInstance("TLS");
        var serving = PlaneUnderTest.managing(own.server("agent-under-test", "system:node:n", List.of(ADDRESS)));
        tls.init(new KeyManager[] {serving}, null, null);
        var secure = HttpsServer.create(new InetSocketAddress(ADDRESS, 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        agent = secure;
        for (var each : List.of(pod, agent)) {
            each.createContext("/", CallerHeadersTest::see);
            each.start();
        }
    }

    @AfterAll
    static void stop() {
        pod.stop(0);
        agent.stop(0);
    }

    private static void see(HttpExchange exchange) throws IOException {
        SEEN.add(exchange.getRequestHeaders());
        // Otherwise the connection ends, which the next call may learn too late.
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private static Headers seen() throws InterruptedException {
        var headers = SEEN.poll(20, TimeUnit.SECONDS);
        assertThat(headers).as("headers of a call that was passed on").isNotNull();
        return headers;
    }

    /// That a call was passed on without anything of the caller's.
    private static void passedOnBare() throws InterruptedException {
        var headers = seen();
        assertThat(headers.keySet().stream().map(name -> name.toLowerCase(Locale.ROOT)))
                .contains("x-kept")
                .noneMatch(name -> name.startsWith("x-remote-")
                        || name.startsWith("impersonate-")
                        || name.equals("authorization"));
    }

    private static String[] all() {
        var all = new String[CLAIMED.length + IMPERSONATED.length];
        System.arraycopy(CLAIMED, 0, all, 0, CLAIMED.length);
        System.arraycopy(IMPERSONATED, 0, all, CLAIMED.length, IMPERSONATED.length);
        return all;
    }

    @Test
    void aTokenSaysWhoCallsAndHeadersDoNot() {
        var answer = calls.send("POST", REVIEWS, "application/yaml", REVIEW, CLAIMED)
                .expect(201)
                .get("status", "userInfo");
        assertThat(answer.get("username").string()).isEqualTo("kubernetes-admin");
        assertThat(answer.get("uid").string()).isEmpty();
        assertThat(answer.get("extra").exists()).isFalse();
        var refused = PLANE.http("no-token", "GET", "/api/v1/secrets", null, CLAIMED);
        assertThat(refused.statusCode()).isEqualTo(401);
    }

    @Test
    void nobodyStaysNobody() throws Exception {
        try (var http = HttpClient.newBuilder()
                .sslContext(PlaneUnderTest.trusting(PLANE.authority()))
                .build()) {
            var secrets = HttpRequest.newBuilder(URI.create(PLANE.url() + "/api/v1/secrets"))
                    .headers(CLAIMED)
                    .build();
            var refused = http.send(secrets, BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("User \\\"system:anonymous\\\" cannot list resource");
            var acting = HttpRequest.newBuilder(URI.create(PLANE.url() + REVIEWS))
                    .header("Content-Type", "application/yaml")
                    .headers(all())
                    .POST(BodyPublishers.ofString(REVIEW))
                    .build();
            var other = http.send(acting, BodyHandlers.ofString());
            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(View.of(Json.parse(other.body().getBytes(StandardCharsets.UTF_8)))
                            .get("message")
                            .string())
                    .contains("User \"system:anonymous\" cannot impersonate");
        }
    }

    private void places(String name) {
        calls.post(
                "/api/v1/namespaces/default/pods",
                "{metadata: {name: " + name + "}, spec: {nodeName: nowhere, containers: [{name: c, image: i}]}}");
        calls.patch(
                "/api/v1/namespaces/default/pods/" + name + "/status",
                Calls.MERGE,
                "{status: {podIP: " + ADDRESS + "}}");
        int port = pod.getAddress().getPort();
        calls.post(
                "/api/v1/namespaces/default/services",
                "{metadata: {name: " + name + "}, spec: {ports: [{port: " + port + "}]}}");
        calls.post(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                "{metadata: {name: " + name + ", labels: {kubernetes.io/service-name: " + name
                        + "}}, addressType: IPv4, ports: [{name: '', port: " + port + "}], endpoints: [{addresses: ["
                        + ADDRESS + "], targetRef: {kind: Pod, namespace: default, name: " + name + "}}]}");
        calls.post("/api/v1/nodes", "{metadata: {name: " + name + "}}");
        calls.patch(
                "/api/v1/nodes/" + name + "/status",
                Calls.MERGE,
                "{status: {addresses: [{type: InternalIP, address: " + ADDRESS
                        + "}], daemonEndpoints: {kubeletEndpoint: {Port: "
                        + agent.getAddress().getPort() + "}}}}");
    }

    private static String place(String kind, String name) {
        return switch (kind) {
            case "pod" ->
                "/api/v1/namespaces/default/pods/" + name + ":"
                        + pod.getAddress().getPort() + "/proxy/x";
            case "service" -> "/api/v1/namespaces/default/services/" + name + "/proxy/x";
            default -> "/api/v1/nodes/" + name + "/proxy/metrics";
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"pod", "service", "node"})
    void whoeverIsBehindDoesNotHearThem(String kind) throws InterruptedException {
        assumeThat(ADDRESS).as("an address that pods could have").isNotEqualTo("127.0.0.1");
        places(kind);
        // More than once: the connection to whoever is behind is used again, and is nobody else's meanwhile.
        for (var method : Collections.nCopies(20, List.of("GET", "POST", "DELETE")).stream()
                .flatMap(List::stream)
                .toList()) {
            var answer = PLANE.http(
                    method,
                    place(kind, kind),
                    method.equals("POST") ? "body".getBytes(StandardCharsets.UTF_8) : null,
                    all());
            assertThat(answer.statusCode()).as(method).isEqualTo(204);
            passedOnBare();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pod", "service", "node"})
    void norWhenAConnectionIsToBeUpgraded(String kind) throws Exception {
        assumeThat(ADDRESS).as("an address that pods could have").isNotEqualTo("127.0.0.1");
        var name = "upgraded-" + kind;
        places(name);
        try (var http = HttpClient.newBuilder()
                .sslContext(PlaneUnderTest.trusting(PLANE.authority()))
                .build()) {
            var upgrade = http.newWebSocketBuilder()
                    .connectTimeout(Duration.ofSeconds(20))
                    .header("Authorization", "Bearer " + PlaneUnderTest.TOKEN);
            var headers = all();
            for (int i = 0; i < headers.length; i += 2) upgrade.header(headers[i], headers[i + 1]);
            var place = URI.create(PLANE.url().replace("https:", "wss:") + place(kind, name));
            try {
                upgrade.buildAsync(place, new WebSocket.Listener() {}).join().abort();
            } catch (CompletionException e) {
                // What is behind knows no WebSocket; it has seen the headers all the same.
            }
            var headersSeen = seen();
            assertThat(headersSeen.getFirst("Upgrade")).isEqualToIgnoringCase("websocket");
            SEEN.add(headersSeen);
            passedOnBare();
        }
    }
}
