package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.Host;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.http.Exchange;
import io.navarch.http.HttpClient;
import io.navarch.http.HttpServer;
import io.navarch.http.Tls;
import io.navarch.ingress.IngressProxy;
import io.navarch.model.IngressLoadBalancerIngress;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The ingress proxy over a real API server and real sockets.
class IngressProxyTest {
    /// Endpoints must not be loopback addresses.
    private static final Host HOST = Host.local();

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @RegisterExtension
    static final PlaneUnderTest server = new PlaneUnderTest();

    private final EventLoops loops = new EventLoops(1);
    private final HttpClient http = new HttpClient(loops, Duration.ofSeconds(2));
    private final TaskScope scope = new TaskScope();

    @TempDir
    private Path directory;

    private Pki pki;
    private HttpServer backend;
    private IngressProxy proxy;

    @BeforeEach
    void start() throws IOException {
        pki = new Pki(directory, InstantSource.system());
        var fallback = pki.server("fallback", "fallback", List.of("fallback"));
        backend = HttpServer.plain(loops, new InetSocketAddress(HOST.address(), 0), IngressProxyTest::answer);
        var caches = new Informers(server.client);
        var tls = Tls.server(fallback.certificate(), fallback.key());
        proxy = new IngressProxy(caches, server.client, http, "192.0.2.7", () -> tls);
        proxy.start(loops, scope, 0, 0);
        caches.start(scope);
    }

    @AfterEach
    void stop() {
        proxy.close();
        scope.close();
        backend.close();
        http.close();
        loops.close();
    }

    private static void answer(Exchange exchange) throws IOException, InterruptedException {
        var text = exchange.method() + " " + exchange.uri() + " for " + exchange.header("x-forwarded-host") + " by "
                + exchange.header("x-forwarded-proto") + " from " + exchange.header("x-forwarded-for") + ": "
                + new String(exchange.body(1000), StandardCharsets.UTF_8);
        exchange.respond(200, Map.of("X-Backend", "yes"), text.getBytes(StandardCharsets.UTF_8));
    }

    private static void apply(String name, String tls) {
        server.client.create(
                Resources.INGRESS_CLASSES,
                PlaneUnderTest.yaml("{metadata: {name: " + name + "}, spec: {controller: navarch.io/ingress}}"));
        server.client.create(
                Resources.SERVICES,
                PlaneUnderTest.yaml("{metadata: {name: " + name
                        + ", namespace: default}, spec: {clusterIP: None, ports: [{name: web, port: 80}]}}"));
        server.client.create(
                Resources.INGRESSES,
                PlaneUnderTest.yaml("{metadata: {name: " + name
                        + ", namespace: default}, spec: {ingressClassName: " + name + tls + ", rules: [{host: " + name
                        + ".example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: " + name
                        + ", port: {name: web}}}}]}}]}}"));
    }

    /// @param ready by port, whether the endpoint at it is
    private static void endpoints(String service, Map<Integer, Boolean> ready) {
        ready.forEach((port, isReady) -> server.client.create(
                Resources.ENDPOINT_SLICES,
                PlaneUnderTest.yaml("{metadata: {name: " + service + "-" + port + ", namespace: default, labels: {"
                        + "kubernetes.io/service-name: " + service + "}}, addressType: IPv4, ports: [{name: web, port: "
                        + port + "}], endpoints: [{addresses: [" + HOST.address() + "], conditions: {ready: " + isReady
                        + "}}]}")));
    }

    private String call(String method, String host, String body) {
        try (var response = http.send(
                HttpClient.Target.plain("127.0.0.1", proxy.ports().getFirst()),
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
        var ingress = PlaneUnderTest.eventually(
                () -> server.client
                        .get(Resources.INGRESSES, new ObjectKey("default", "a"))
                        .view(),
                view -> !reported(view).isEmpty());
        assertThat(reported(ingress)).extracting(IngressLoadBalancerIngress::ip).containsExactly("192.0.2.7");
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
        var own = pki.server("own", "own", List.of("c.example"));
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
        try (var socket = (SSLSocket) PlaneUnderTest.trusting(pki.authorityPem())
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), proxy.ports().getLast())) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }
}
