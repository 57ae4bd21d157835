package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.Host;
import io.navarch.client.Informers;
import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.http.Tls;
import io.navarch.ingress.IngressProxy;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import io.navarch.process.TaskScope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients and endpoints that want to get past the ingress proxy, on bare sockets.
class IngressAttacksTest {
    @RegisterExtension
    static final PlaneUnderTest server = new PlaneUnderTest();

    private static final Host HOST = Host.local();

    private final EventLoops loops = new EventLoops(1);
    private final HttpClient http = new HttpClient(loops, Duration.ofSeconds(2));
    private final TaskScope scope = new TaskScope();
    /// The heads that endpoints were sent, a line each.
    private final List<String> received = new CopyOnWriteArrayList<>();

    @TempDir
    private Path directory;

    private Pki pki;
    private ServerSocket backend;
    private IngressProxy proxy;

    @BeforeEach
    void start() throws IOException {
        pki = new Pki(directory, InstantSource.system());
        var fallback = pki.server("fallback", "fallback", List.of("fallback"));
        backend = new ServerSocket();
        backend.bind(new InetSocketAddress(HOST.address(), 0));
        scope.start("backend", () -> {
            try {
                while (true) {
                    var socket = backend.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                }
            } catch (IOException e) {
                // The test has ended.
            }
        });
        var caches = new Informers(server.client);
        var tls = Tls.server(fallback.certificate(), fallback.key());
        proxy = new IngressProxy(caches, server.client, http, "192.0.2.7", () -> tls);
        proxy.start(loops, scope, 0, 0);
        caches.start(scope);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        backend.close();
        scope.close();
        http.close();
        loops.close();
    }

    /// Answers by the last word of the path, to one request of a connection.
    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            var head = new StringBuilder();
            for (String line; (line = in.readLine()) != null && !line.isEmpty(); )
                head.append(line).append('\n');
            if (head.isEmpty()) return;
            received.add(head.toString());
            var path = head.toString().split(" ")[1];
            var answer = switch (path.substring(path.lastIndexOf('/') + 1)) {
                case "switch" -> "HTTP/1.1 101 Switching\nConnection: Upgrade\nUpgrade: h2c\n\nleaked";
                case "socket" -> "HTTP/1.1 101 Switching\nConnection: Upgrade\nUpgrade: websocket\n\nspoken";
                case "cookies" -> """
                HTTP/1.1 200 OK
                Set-Cookie: a=1
                Set-Cookie: b=2
                WWW-Authenticate: Basic
                WWW-Authenticate: Negotiate
                Connection: X-Hop, close
                X-Hop: 1
                Content-Length: 2

                ok""";
                case "early" -> "HTTP/1.1 103 Early Hints\nLink: </x>\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\nok";
                case "broken" -> "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\n";
                case "malformed" -> "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\nabc\nzz\n";
                case "garbage" -> "10.0.0.7 is no HTTP\n\n";
                default -> "HTTP/1.1 200 OK\nContent-Length: 2\n\nok";
            };
            socket.getOutputStream().write(answer.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // The proxy has hung up.
        }
    }

    /// A host with a Service whose endpoint is the backend, and another for `/admin` that has none.
    private void route(String name) {
        server.client.create(
                Resources.INGRESS_CLASSES,
                PlaneUnderTest.yaml("{metadata: {name: " + name + "}, spec: {controller: navarch.io/ingress}}"));
        for (var service : List.of(name, name + "-admin"))
            server.client.create(
                    Resources.SERVICES,
                    PlaneUnderTest.yaml("{metadata: {name: " + service
                            + ", namespace: default}, spec: {clusterIP: None, ports: [{name: web, port: 80}]}}"));
        server.client.create(
                Resources.ENDPOINT_SLICES,
                PlaneUnderTest.yaml("{metadata: {name: " + name + ", namespace: default, labels: {"
                        + "kubernetes.io/service-name: " + name + "}}, addressType: IPv4, ports: [{name: web, port: "
                        + backend.getLocalPort() + "}], endpoints: [{addresses: [" + HOST.address() + "]}]}"));
        server.client.create(
                Resources.INGRESSES,
                PlaneUnderTest.yaml("{metadata: {name: " + name + ", namespace: default}, spec: {ingressClassName: "
                        + name + ", rules: [{host: " + name + ".example, http: {paths: [" + path("/", name) + ", "
                        + path("/admin", name + "-admin") + "]}}]}}"));
        PlaneUnderTest.eventually(
                () -> View.of(Map.of("answer", get(name + ".example", "/"))),
                view -> view.get("answer").string().startsWith("HTTP/1.1 200"));
        received.clear();
    }

    private static String path(String path, String service) {
        return "{path: " + path + ", pathType: Prefix, backend: {service: {name: " + service + ", port: {name: web}}}}";
    }

    private String get(String host, String path, String... headers) {
        return said(
                "GET " + path + " HTTP/1.1\nHost: " + host + "\nConnection: close\n" + String.join("", headers) + "\n");
    }

    /// All that the proxy says until it hangs up.
    private String said(String request) {
        try (var socket = new Socket("127.0.0.1", proxy.ports().getFirst())) {
            return said(socket, request);
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }

    private static String said(Socket socket, String request) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/x/../admin", "/x/%2e%2e/admin", "//admin", "/%61dmin/x", "/./admin"})
    void noWayOfWritingAPathLeadsPastItsRoute(String path) {
        var name = "w" + Integer.toHexString(path.hashCode());
        route(name);
        assertThat(get(name + ".example", path)).startsWith("HTTP/1.1 503").doesNotContain("admin");
        for (var refused : List.of("/%2fadmin", "/x/..%2fadmin", "/x/..;/admin", "/;/admin", "/admin;x", "/../admin"))
            assertThat(get(name + ".example", refused)).startsWith("HTTP/1.1 400");
        assertThat(received).isEmpty();
        assertThat(get(name + ".example", "//a/%2e/b%2fc?d=//")).startsWith("HTTP/1.1 200");
        assertThat(received).singleElement().asString().startsWith("GET /a/b%2Fc?d=// HTTP/1.1\n");
    }

    @Test
    void onlyAWebSocketLeavesHttp() {
        route("u");
        var settings = "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\n";
        var said =
                said("GET /switch HTTP/1.1\nHost: u.example\nConnection: Upgrade, HTTP2-Settings, close\nUpgrade: h2c\n"
                        + settings + "\n");
        assertThat(said).startsWith("HTTP/1.1 502").doesNotContain("leaked");
        assertThat(received.getFirst())
                .doesNotContainIgnoringCase("upgrade")
                .doesNotContainIgnoringCase("http2-settings");
        var asked = "Connection: Upgrade, close\nUpgrade: websocket\nSec-WebSocket-Key: x\n\n";
        assertThat(said("GET /switch HTTP/1.1\nHost: u.example\n" + asked))
                .startsWith("HTTP/1.1 502")
                .doesNotContain("leaked");
        assertThat(said("GET /socket HTTP/1.1\nHost: u.example\n" + asked))
                .startsWith("HTTP/1.1 101")
                .endsWith("spoken");
    }

    @Test
    void headersOfOneNameStayApart() {
        route("h");
        assertThat(get("h.example", "/cookies"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("set-cookie: a=1\r\n")
                .containsIgnoringCase("set-cookie: b=2\r\n")
                .containsIgnoringCase("www-authenticate: Basic\r\n")
                .containsIgnoringCase("www-authenticate: Negotiate\r\n")
                .doesNotContainIgnoringCase("x-hop");
        assertThat(get("h.example", "/early")).startsWith("HTTP/1.1 200").endsWith("ok");
    }

    @Test
    void whatAClientSaysOfItselfIsReplaced() {
        route("f");
        get("f.example", "/", "X-Forwarded-For: 10.0.0.1\nX_Real_IP: 10.0.0.1\nForwarded: for=10.0.0.1\n");
        assertThat(received)
                .singleElement()
                .asString()
                .doesNotContain("10.0.0.1")
                .contains("X-Forwarded-For: 127.0.0.1\n")
                .contains("X-Real-IP: 127.0.0.1\n")
                .contains("Forwarded: for=127.0.0.1;host=f.example;proto=http\n");
    }

    @Test
    void anAnswerThatBreaksOffDoesNotLookWhole() {
        route("b");
        for (var path : List.of("/broken", "/malformed"))
            assertThat(get("b.example", path)).contains("abc").doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void errorsSayNothingOfWhatStandsBehind() {
        route("e");
        assertThat(get("e.example", "/garbage"))
                .startsWith("HTTP/1.1 502")
                .endsWith("\r\nbad gateway")
                .doesNotContain(HOST.address());
    }

    @Test
    void aRequestIsForOneHost() {
        route("o");
        for (var hosts : List.of(
                "",
                "Host: o.example\nHost: o.example\n",
                "Host: x@o.example\n",
                "Host: o.example/\n",
                "Host: o.example, other\n"))
            assertThat(said("GET / HTTP/1.1\n" + hosts + "\nGET /smuggled HTTP/1.1\nHost: o.example\n\n"))
                    .startsWith("HTTP/1.1 400")
                    .doesNotContain("200");
        assertThat(said("GET http://other/ HTTP/1.1\nHost: o.example\n\n")).startsWith("HTTP/1.1 400");
        assertThat(received).isEmpty();
    }

    @Test
    void aRefusedBodyIsNotReadAsARequest() {
        route("s");
        assertThat(said("""
                POST / HTTP/1.1
                Host: nobody.example
                Content-Length: 43

                GET /smuggled HTTP/1.1
                Host: s.example

                """)).startsWith("HTTP/1.1 404").doesNotContain("200");
        assertThat(received).isEmpty();
    }

    @Test
    void aConnectionIsForTheHostThatItsCertificateWasAskedFor() throws IOException {
        route("t");
        assertThat(overTls("t.example", "t.example")).startsWith("HTTP/1.1 200");
        received.clear();
        assertThat(overTls("other.example", "t.example")).startsWith("HTTP/1.1 421");
        assertThat(received).isEmpty();
    }

    private String overTls(String serverName, String host) throws IOException {
        try (var socket = (SSLSocket) PlaneUnderTest.trusting(pki.authorityPem())
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), proxy.ports().getLast())) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            socket.setSSLParameters(parameters);
            return said(socket, "GET / HTTP/1.1\nHost: " + host + "\nConnection: close\n\n");
        }
    }
}
