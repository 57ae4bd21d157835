package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.http.Exchange;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.model.IngressLoadBalancerIngress;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The ingress proxy over a real API server and real sockets.
class IngressProxyTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final PlaneUnderTest server = new PlaneUnderTest();

    @TempDir
    private Path directory;

    private IngressUnderTest ingress;
    private HttpServer backend;

    @BeforeEach
    void start() throws IOException {
        ingress = new IngressUnderTest(server, directory);
        backend = HttpServer.plain(
                ingress.loops, new InetSocketAddress(IngressUnderTest.HOST.address(), 0), IngressProxyTest::answer);
    }

    @AfterEach
    void stop() {
        backend.close();
        ingress.close();
    }

    private static void answer(Exchange exchange) throws IOException, InterruptedException {
        var text = exchange.method() + " " + exchange.uri() + " for " + exchange.header("x-forwarded-host") + " by "
                + exchange.header("x-forwarded-proto") + " from " + exchange.header("x-forwarded-for") + ": "
                + new String(exchange.body(1000), StandardCharsets.UTF_8);
        exchange.respond(200, Map.of("X-Backend", "yes"), text.getBytes(StandardCharsets.UTF_8));
    }

    private void apply(String name, String tls) {
        ingress.service(name);
        ingress.ingress(name, tls, IngressUnderTest.path("/", name));
    }

    /// @param ready by port, whether the endpoint at it is
    private void endpoints(String service, Map<Integer, Boolean> ready) {
        ready.forEach((port, isReady) -> ingress.endpoint(service, port, isReady));
    }

    private String call(String method, String host, String body) {
        try (var response = ingress.http.send(
                HttpClient.Target.plain("127.0.0.1", ingress.port()),
                HttpClient.Request.of(
                        method,
                        "/x?y=z",
                        List.of(Map.entry("Host", host), Map.entry("X-Forwarded-Host", "forged")),
                        body.getBytes(StandardCharsets.UTF_8)),
                LIMIT)) {
            return response.status() + " " + new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    private void eventually(String host, String answer) {
        PlaneUnderTest.eventually(
                () -> View.of(Map.of("answer", call("GET", host, ""))),
                view -> view.get("answer").string().equals(answer));
    }

    private static int unused() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void whatHasNoRouteIsNotFound() {
        assertThat(call("GET", "nobody.example", "")).isEqualTo("404 default backend - 404");
    }

    @Test
    void aRequestReachesAReadyEndpoint() throws IOException {
        apply("a", "");
        eventually("a.example", "503 service unavailable");
        endpoints("a", Map.of(unused(), false, backend.port(), true));
        eventually("a.example", "200 GET /x?y=z for a.example by http from 127.0.0.1: ");
        assertThat(call("POST", "A.example:80", "sent"))
                .isEqualTo("200 POST /x?y=z for a.example by http from 127.0.0.1: sent");
        var written = PlaneUnderTest.eventually(
                () -> server.client
                        .get(Resources.INGRESSES, new ObjectKey("default", "a"))
                        .view(),
                view -> !reported(view).isEmpty());
        assertThat(reported(written)).extracting(IngressLoadBalancerIngress::ip).containsExactly("192.0.2.7");
    }

    private static List<IngressLoadBalancerIngress> reported(View ingress) {
        return Resources.INGRESSES.read(ingress).status().loadBalancer().ingress();
    }

    @Test
    void anEndpointThatCannotBeReachedIsPassedOver() throws IOException {
        apply("b", "");
        endpoints("b", Map.of(unused(), true, backend.port(), true));
        eventually("b.example", "200 GET /x?y=z for b.example by http from 127.0.0.1: ");
        for (int i = 0; i < 4; i++)
            assertThat(call("PUT", "b.example", "once")).startsWith("200 PUT").endsWith(": once");
    }

    @Test
    void aHostGetsItsOwnCertificate() throws Exception {
        var own = ingress.pki.server("own", "own", List.of("c.example"));
        server.client.create(
                Resources.SECRETS,
                PlaneUnderTest.yaml("{metadata: {name: c, namespace: default}, type: "
                        + "kubernetes.io/tls, data: {tls.crt: " + base64(own.certificate()) + ", tls.key: "
                        + base64(own.key()) + "}}"));
        apply("c", ", tls: [{hosts: [c.example], secretName: c}]");
        eventually("c.example", "503 service unavailable");
        assertThat(certificate("c.example")).contains("CN=own");
        assertThat(certificate("d.example")).contains("CN=fallback");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Whose certificate is shown to a client that asks for a host.
    private String certificate(String host) throws IOException {
        try (var socket = ingress.overTls(host)) {
            socket.startHandshake();
            var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }
}
