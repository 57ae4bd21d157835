package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Pods that want to deceive whoever calls them through the API server, on bare sockets.
class ProxyAttacksTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    private final Calls calls = new Calls(plane);
    private RawBackEnd backend;
    private String proxy;

    @BeforeEach
    void start() throws IOException {
        backend = new RawBackEnd(IngressUnderTest.HOST.address());
        var name = "p-" + backend.port();
        calls.post(
                "/api/v1/namespaces/default/pods",
                "{metadata: {name: " + name + "}, spec: {schedulerName: nobody, containers: [{name: c, image: i}]}}");
        var address = IngressUnderTest.HOST.address();
        plane.client.mergePatch(
                Resources.PODS,
                new ObjectKey("default", name),
                "status",
                PlaneUnderTest.yaml("{status: {podIP: " + address + ", podIPs: [{ip: " + address + "}]}}"));
        proxy = "/api/v1/namespaces/default/pods/" + name + ":" + backend.port() + "/proxy";
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
    }

    /// All that the server says on one connection until it hangs up.
    private String said(String head) throws IOException {
        var authority = plane.authority();
        try (var socket =
                PlaneUnderTest.trusting(authority).getSocketFactory().createSocket("127.0.0.1", plane.plane.port())) {
            socket.setSoTimeout(20_000);
            var request = head + "\nHost: cluster.example\nAuthorization: Bearer " + PlaneUnderTest.TOKEN + "\n\n";
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void anAnswerThatBreaksOffDoesNotLookWhole() throws IOException {
        for (var path : new String[] {"/broken", "/malformed", "/short"}) {
            assertThat(said("GET " + proxy + path + " HTTP/1.1"))
                    .startsWith("HTTP/1.1 200")
                    .contains("abc")
                    .doesNotEndWith("0\r\n\r\n");
            // The client of these calls speaks HTTP/2, where the stream is reset.
            assertThatThrownBy(() -> plane.http("GET", proxy + path, null)).isInstanceOf(UncheckedIOException.class);
        }
        assertThat(said("GET " + proxy + "/short HTTP/1.1")).containsIgnoringCase("content-length: 10\r\n");
    }

    @Test
    void headersOfOneNameStayApart() throws IOException {
        assertThat(said("GET " + proxy + "/cookies HTTP/1.1\nConnection: close, X-Own\nX-Own: 1\nX-Some: a\nX-Some: b"))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("set-cookie: a=1\r\n")
                .containsIgnoringCase("set-cookie: b=2\r\n")
                .containsIgnoringCase("www-authenticate: Basic\r\n")
                .containsIgnoringCase("www-authenticate: Negotiate\r\n")
                .doesNotContainIgnoringCase("access-control")
                .doesNotContainIgnoringCase("x-hop");
        assertThat(backend.received.getFirst())
                .contains("X-Some: a\n", "X-Some: b\n", "X-Forwarded-For: 127.0.0.1\n", "Host: cluster.example\n")
                .contains("X-Forwarded-Uri: " + proxy + "/cookies\n")
                .doesNotContain("X-Own", PlaneUnderTest.TOKEN);
    }

    /// Whoever waits for one that never answers, and goes away, leaves nothing behind.
    @Test
    void aPodThatSaysNothingIsLeftWithItsCaller() throws Exception {
        for (var head : new String[] {"\n", "\nConnection: Upgrade\nUpgrade: websocket\n"}) {
            try (var socket = PlaneUnderTest.trusting(plane.authority())
                    .getSocketFactory()
                    .createSocket("127.0.0.1", plane.plane.port())) {
                var request = "GET " + proxy + "/silent HTTP/1.1" + head
                        + "Host: cluster.example\nAuthorization: Bearer " + PlaneUnderTest.TOKEN + "\n\n";
                socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                assertThat(backend.silent.poll(20, TimeUnit.SECONDS)).isEqualTo("asked");
            }
            assertThat(backend.silent.poll(20, TimeUnit.SECONDS)).isEqualTo("left");
        }
    }

    /// What proves to us who calls is not for whoever is called.
    @Test
    void aPodLearnsNothingOfWhoCalls() throws IOException {
        said("GET " + proxy + "/a%20b/c%2Fd?e=%3F HTTP/1.1\nConnection: close\nImpersonate-User: bob\n"
                + "Impersonate-Group: system:masters\nIMPERSONATE-EXTRA-Scopes: all\nProxy-Authorization: Basic eDp5");
        assertThat(backend.received)
                .singleElement()
                .asString()
                .startsWith("GET /a%20b/c%2Fd?e=%3F HTTP/1.1\n")
                .doesNotContainIgnoringCase("authorization")
                .doesNotContainIgnoringCase("impersonate")
                .doesNotContain("bob", "system:masters");
    }

    /// A node says where it is to be called. One that says it is the API server would let its callers be the API
    /// server, which calls with a certificate of its own.
    @Test
    void aNodeCannotBeTheApiServer() {
        calls.post("/api/v1/nodes", "{metadata: {name: mirror}}");
        plane.client.mergePatch(
                Resources.NODES,
                new ObjectKey("", "mirror"),
                "status",
                PlaneUnderTest.yaml(
                        "{status: {addresses: [{type: InternalIP, address: 127.0.0.1}], daemonEndpoints: {kubeletEndpoint: {Port: "
                                + plane.plane.port() + "}}}}"));
        var answer = calls.tryGet("/api/v1/nodes/mirror/proxy/api/v1/namespaces/kube-system/secrets");
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message()).isEqualTo("address not allowed");
    }

    @Test
    void whatNamesNothingIsNotLookedFor() {
        for (var kind : new String[] {"namespaces/default/pods", "namespaces/default/services", "nodes"})
            for (var name : new String[] {":", "::", "http::80", "ftp:p:80", "a:b:c:d"})
                assertThat(calls.tryGet("/api/v1/" + kind + "/" + name + "/proxy/")
                                .code())
                        .as(kind + "/" + name)
                        .isEqualTo(400);
    }

    @Test
    void onlyWhoAsksForAnotherProtocolGetsOne() throws IOException {
        assertThat(said("GET " + proxy + "/switch HTTP/1.1\nConnection: close"))
                .startsWith("HTTP/1.1 500")
                .contains("backend tried to switch protocol \\\"h2c\\\" when \\\"\\\" was requested")
                .doesNotContain("leaked");
        var asked = " HTTP/1.1\nConnection: Upgrade\nUpgrade: websocket\nX-Forwarded-For: 192.0.2.1";
        assertThat(said("GET " + proxy + "/socket" + asked))
                .startsWith("HTTP/1.1 101")
                .endsWith("spoken");
        assertThat(backend.received.getLast())
                .contains("Upgrade: websocket\n", "X-Forwarded-For: 192.0.2.1, 127.0.0.1\n")
                .doesNotContain(PlaneUnderTest.TOKEN);
        // Both end the connection, on which the client may go on in the other protocol.
        assertThat(said("GET " + proxy + "/plain" + asked + "\nConnection: close"))
                .startsWith("HTTP/1.1 500")
                .contains("invalid upgrade response: status code 200");
        assertThat(said("GET " + proxy + "/refused" + asked))
                .startsWith("HTTP/1.1 403")
                .endsWith("no");
    }

    /// What follows the body of a request for an upgrade is said in the other protocol, not a part of it.
    @Test
    void theBodyOfAnUpgradeHasAnEnd() throws IOException {
        said("POST " + proxy + "/socket HTTP/1.1\nConnection: Upgrade\nUpgrade: x\nTransfer-Encoding: chunked\n"
                + "X-End: 1\nHost: cluster.example\nAuthorization: Bearer " + PlaneUnderTest.TOKEN
                + "\n\n3\nabc\n0\n\nignored");
        assertThat(backend.received).singleElement().asString().satisfies(head -> {
            assertThat(head).containsIgnoringCase("content-length: 3\n");
            assertThat(head).doesNotContainIgnoringCase("transfer-encoding");
        });
    }

    @Test
    void nobodyIsSentToAnotherPathOfTheApi() throws IOException {
        assertThat(said("GET " + proxy + "/away HTTP/1.1\nConnection: close"))
                .containsIgnoringCase("location: " + proxy + "/api/v1/secrets\r\n");
        assertThat(said("GET " + proxy + "?a=b HTTP/1.1\nConnection: close"))
                .startsWith("HTTP/1.1 301")
                .containsIgnoringCase("location: " + proxy + "/?a=b\r\n");
    }
}
