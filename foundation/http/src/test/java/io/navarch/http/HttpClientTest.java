package io.navarch.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client against the server of this module.
class HttpClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final EventLoops loops = new EventLoops(1);
    private final HttpClient client = new HttpClient(loops, LONG);
    private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private HttpServer server;
    private HttpClient.Target target;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.plain(loops, new InetSocketAddress("127.0.0.1", 0), this::serve);
        target = HttpClient.Target.plain("127.0.0.1", server.port());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        loops.close();
    }

    private void serve(Exchange exchange) throws IOException, InterruptedException {
        clientPorts.add(exchange.remote().getPort());
        switch (exchange.path()) {
            case "/echo" -> exchange.respond(200, "text/plain", exchange.body(1 << 20));
            case "/describe" -> {
                var text = exchange.method() + " " + exchange.query("a") + " [" + exchange.header("content-length")
                        + "] " + exchange.header("transfer-encoding") + " " + exchange.header("HOST");
                exchange.respond(200, Map.of("X-Custom", "yes"), text.getBytes(StandardCharsets.UTF_8));
            }
            case "/chunks" -> {
                try (var out = exchange.start(200, Map.of())) {
                    for (int i = 0; i < 3; i++) out.write(("part" + i + ";").getBytes(StandardCharsets.UTF_8));
                    Exchange.writeShared(out, "shared".getBytes(StandardCharsets.UTF_8), new byte[] {'!'});
                }
            }
            case "/broken" -> {
                try (var out = exchange.start(200, Map.of("Content-Length", "100"))) {
                    out.write("half".getBytes(StandardCharsets.UTF_8));
                    exchange.abort();
                }
            }
            case "/wait" -> {
                exchange.onClose(() -> closed.add("/wait"));
                exchange.body().readAllBytes();
                closed.take();
                closed.add("seen");
            }
            case "/raw" -> {
                var raw = exchange.upgrade().raw(Map.of("Upgrade", "echo").entrySet());
                var line = raw.in().readNBytes(5);
                raw.out().write(line);
                raw.close().run();
            }
            case "/dies" -> {
                closed.add("/dies");
                exchange.abort();
            }
            case "/fails" -> throw new IllegalStateException("of the handler");
            default -> {}
        }
    }

    private HttpClient.Request get(String uri) {
        return HttpClient.Request.of("GET", uri, List.of());
    }

    private String text(HttpClient.Request request) throws IOException {
        try (var response = client.send(target, request, LONG)) {
            return response.status() + " " + new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aRequestWithoutABodySaysNothingOfItsLength() throws IOException {
        assertThat(text(get("/describe?a=b%20c"))).isEqualTo("200 GET b c []  127.0.0.1:" + server.port());
    }

    @Test
    void aWholeBodyIsSentWithItsLengthEvenWhenItIsEmpty() throws IOException {
        assertThat(text(HttpClient.Request.of("POST", "/describe", List.of(), new byte[3])))
                .startsWith("200 POST  [3]");
        assertThat(text(HttpClient.Request.of("POST", "/describe", List.of(), new byte[0])))
                .startsWith("200 POST  [0]");
    }

    @Test
    void aStreamedBodyIsSentInChunksUnlessItsLengthIsKnown() throws IOException {
        var bytes = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        assertThat(text(HttpClient.Request.streamed("PUT", "/describe", List.of(), new ByteArrayInputStream(bytes))))
                .startsWith("200 PUT  [] chunked");
        assertThat(text(HttpClient.Request.streamed("PUT", "/echo", List.of(), new ByteArrayInputStream(bytes))))
                .isEqualTo("200 " + "x".repeat(100_000));
        var length = List.of(Map.entry("Content-Length", "100000"));
        assertThat(text(HttpClient.Request.streamed("PUT", "/describe", length, new ByteArrayInputStream(bytes))))
                .startsWith("200 PUT  [100000] ");
    }

    @Test
    void nothingFollowsARequestThatIsStillBeingSent() throws IOException {
        var rest = new CountDownLatch(1);
        var slow = new ByteArrayInputStream(new byte[0]) {
            @Override
            public synchronized long transferTo(OutputStream out) throws IOException {
                try {
                    rest.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return 0;
            }
        };
        // The answer is complete, and the request is not: the next one takes another connection.
        assertThat(text(HttpClient.Request.streamed("PUT", "/describe", List.of(), slow)))
                .startsWith("200 PUT");
        assertThat(text(get("/describe"))).startsWith("200 GET");
        rest.countDown();
        assertThat(text(get("/describe"))).startsWith("200 GET");
    }

    @Test
    void aResponseWithoutAKnownLengthIsReadToItsEnd() throws IOException {
        assertThat(text(get("/chunks"))).isEqualTo("200 part0;part1;part2;shared!");
    }

    @Test
    void headersOfAResponseAreFoundWhateverTheirCase() throws IOException {
        try (var response = client.send(target, get("/describe"), LONG)) {
            assertThat(response.header("x-custom")).isEqualTo("yes");
            assertThat(response.header("x-other")).isEmpty();
        }
    }

    @Test
    void aConnectionIsUsedAgainOnceItsResponseHasBeenRead() throws IOException {
        text(get("/echo"));
        text(get("/chunks"));
        assertThat(clientPorts).hasSize(1);
    }

    @Test
    void whatMayHaveHappenedIsNotDoneTwice() throws IOException {
        text(get("/echo"));
        var change = HttpClient.Request.of("POST", "/dies", List.of(), new byte[] {1});
        assertThatThrownBy(() -> text(change)).isInstanceOf(IOException.class);
        assertThat(closed).containsExactly("/dies");
        text(get("/echo"));
        assertThatThrownBy(() -> text(get("/dies"))).isInstanceOf(IOException.class);
        assertThat(closed).hasSize(3);
    }

    @Test
    void aSemicolonIsACharacterOfItsParameter() throws IOException {
        assertThat(text(get("/describe?a=b;c=d"))).startsWith("200 GET b;c=d []");
    }

    /// A server that wants to keep every connection does not get its way.
    @Test
    void aConnectionForOneRequestIsClosedWhateverTheServerSays() throws Exception {
        try (var listening = new ServerSocket(0)) {
            var thread = Thread.ofVirtual().start(() -> {
                try (var socket = listening.accept()) {
                    var in = socket.getInputStream();
                    while (in.read() != '\r' || in.read() != '\n' || in.read() != '\r' || in.read() != '\n') {}
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    if (in.read() < 0) closed.add("by the client");
                } catch (IOException e) {
                    closed.add(String.valueOf(e.getMessage()));
                }
            });
            var request = HttpClient.Request.of("GET", "/", List.of(Map.entry("Connection", "close")));
            try (var response =
                    client.send(HttpClient.Target.plain("127.0.0.1", listening.getLocalPort()), request, LONG)) {
                assertThat(response.status()).isEqualTo(200);
                response.body().readAllBytes();
            }
            assertThat(closed.poll(20, TimeUnit.SECONDS)).isEqualTo("by the client");
            thread.join();
        }
    }

    @Test
    void aConnectionWhoseResponseIsLeftUnreadIsNotUsedAgain() throws IOException {
        client.send(target, get("/chunks"), LONG).close();
        try (var unread = client.send(target, get("/chunks"), LONG)) {
            text(get("/echo"));
            assertThat(unread.status()).isEqualTo(200);
        }
        assertThat(clientPorts).hasSizeGreaterThan(1);
    }

    @Test
    void aResponseThatBreaksOffIsAnErrorAndNoEnd() throws IOException {
        try (var response = client.send(target, get("/broken"), LONG)) {
            assertThatThrownBy(() -> response.body().readAllBytes())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("unexpected EOF");
        }
    }

    @Test
    void whatAHandlerThrowsAndWhatItForgetsAreInternalErrors() throws IOException {
        assertThat(text(get("/fails"))).isEqualTo("500 internal error");
        assertThat(text(get("/nothing"))).isEqualTo("500 no response");
    }

    @Test
    void aResponseThatDoesNotComeInTimeIsGivenUpAndTheServerLearnsOfIt() throws Exception {
        assertThatThrownBy(() -> client.send(target, get("/wait"), Duration.ofMillis(50)))
                .isInstanceOf(IOException.class)
                .hasMessage("no response within 50 ms");
        assertThat(closed.poll(20, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void whereNobodyListensNothingHasBeenSent() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> client.send(HttpClient.Target.plain("127.0.0.1", free), get("/"), LONG))
                .isInstanceOf(ConnectFailedException.class)
                .hasMessage("dial tcp 127.0.0.1:" + free + ": connect: connection refused");
    }

    @Test
    void anAddressThatIsTakenCannotBeListenedOn() {
        assertThatThrownBy(
                        () -> HttpServer.plain(loops, new InetSocketAddress("127.0.0.1", server.port()), this::serve))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on 127.0.0.1:" + server.port());
    }

    @Test
    void anUpgradedConnectionCarriesPlainBytesBothWays() throws IOException {
        var headers = List.of(Map.entry("Connection", "Upgrade"), Map.entry("Upgrade", "echo"));
        var response = client.send(target, HttpClient.Request.of("GET", "/raw", headers), LONG);
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.header("Upgrade")).isEqualTo("echo");
        var raw = response.upgraded();
        raw.out().write("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(raw.in().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
    }

    /// A name that somebody else has given may stand for any address, also for one that only this machine may call.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "::1",
                "0.0.0.0",
                "::",
                "::ffff:127.0.0.1",
                "127.1.2.3",
                "169.254.169.254",
                "fe80::1",
                "224.0.0.1",
            })
    void nobodyElseLeadsToThisMachine(String host) {
        var there = HttpClient.Target.plain(host, server.port()).elsewhere();
        assertThatThrownBy(() -> client.send(there, HttpClient.Request.of("GET", "/describe", List.of()), LONG))
                .isInstanceOf(ConnectFailedException.class)
                .hasRootCauseMessage("address not allowed");
        assertThat(clientPorts).isEmpty();
    }
}
