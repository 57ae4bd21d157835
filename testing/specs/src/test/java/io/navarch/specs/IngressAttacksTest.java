package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    @TempDir
    private Path directory;

    private RawBackEnd backend;
    private List<String> received;
    private IngressUnderTest ingress;

    @BeforeEach
    void start() throws IOException {
        backend = new RawBackEnd(IngressUnderTest.HOST.address());
        received = backend.received;
        ingress = new IngressUnderTest(server, directory);
    }

    @AfterEach
    void stop() throws IOException {
        ingress.close();
        backend.close();
    }

    /// A host with a Service whose endpoint is the backend, and another for `/admin` that has none.
    private void route(String name) {
        for (var service : List.of(name, name + "-admin")) ingress.service(service);
        ingress.endpoint(name, backend.port(), true);
        ingress.ingress(name, "", IngressUnderTest.path("/", name), IngressUnderTest.path("/admin", name + "-admin"));
        PlaneUnderTest.eventually(
                () -> View.of(Map.of("answer", get(name + ".example", "/"))),
                view -> view.get("answer").string().startsWith("HTTP/1.1 200"));
        received.clear();
    }

    private String get(String host, String path, String... headers) {
        return said(
                "GET " + path + " HTTP/1.1\nHost: " + host + "\nConnection: close\n" + String.join("", headers) + "\n");
    }

    /// All that the proxy says until it hangs up.
    private String said(String request) {
        try (var socket = new Socket("127.0.0.1", ingress.port())) {
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

    /// Whoever may write slices may name anybody: names are not looked up, not even those that are addresses.
    @Test
    void theMachineItselfIsNobodysEndpoint() throws IOException {
        try (var own = new RawBackEnd("127.0.0.1")) {
            for (var name : List.of("127.0.0.1", "localhost.localdomain"))
                server.client.create(
                        Resources.ENDPOINT_SLICES,
                        PlaneUnderTest.yaml("{metadata: {name: " + name
                                + ", namespace: default, labels: {kubernetes.io/service-name: m}}, addressType: FQDN, ports: [{name: web, port: "
                                + own.port() + "}], endpoints: [{addresses: [" + name + "]}]}"));
            // Slices come in order: when this one's endpoint answers, the others are known.
            route("m");
            for (int i = 0; i < 6; i++) assertThat(get("m.example", "/")).startsWith("HTTP/1.1 200");
            assertThat(own.received).isEmpty();
            assertThat(received).hasSize(6);
        }
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
                .doesNotContain(IngressUnderTest.HOST.address());
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
        try (var socket = ingress.overTls(serverName)) {
            return said(socket, "GET / HTTP/1.1\nHost: " + host + "\nConnection: close\n\n");
        }
    }
}
