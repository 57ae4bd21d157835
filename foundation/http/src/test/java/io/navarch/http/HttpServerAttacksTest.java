package io.navarch.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that want one request to be taken for two, or to hold on to the server without asking for anything.
class HttpServerAttacksTest {
    private static final Duration SOON = Duration.ofMillis(400);

    private static final ServerLimits LIMITS =
            new ServerLimits(4, 3, 4 << 20, () -> false, new ServerLimits.Times(SOON, SOON, SOON, SOON));

    private final EventLoops loops = new EventLoops(1);
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.plain(loops, new InetSocketAddress("127.0.0.1", 0), LIMITS, this::serve);
    }

    @AfterEach
    void stop() {
        server.close();
        loops.close();
    }

    private static final String BROKEN = "broken off";

    private void serve(Exchange exchange) throws IOException {
        handled.add(exchange.path());
        if (exchange.path().equals("/asked")) handled.add(exchange.query().toString());
        if (exchange.path().equals("/refused")) exchange.lastOfConnection();
        if (exchange.path().equals("/large")) {
            try {
                exchange.respond(200, "text/plain", new byte[100_000]);
            } catch (IOException e) {
                ended.countDown();
                throw e;
            }
            return;
        }
        if (exchange.path().equals("/patient")) exchange.patience(Duration.ofMillis(300));
        if (exchange.path().equals("/endless")) {
            exchange.patience(Duration.ofMillis(300));
            try (var out = exchange.start(200, Map.of())) {
                while (true) out.write(new byte[1 << 16]);
            } catch (IOException e) {
                ended.countDown();
                throw e;
            }
        }
        if (exchange.method().equals("POST") && !exchange.path().equals("/refused")) handled.add(body(exchange));
        exchange.respond(200, "text/plain", new byte[0]);
    }

    private String body(Exchange exchange) throws IOException {
        try {
            return new String(exchange.body().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            handled.add(BROKEN);
            ended.countDown();
            throw e;
        }
    }

    private Socket client() throws IOException {
        var socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /// All that the server says until it closes the connection.
    private String said(String... sent) throws IOException {
        try (var socket = client()) {
            for (var text : sent)
                socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            return rest(socket);
        }
    }

    private static String rest(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("left open", e);
        } catch (IOException e) {
            return "reset";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/a%", "/a%2", "/%u0041?b=c"})
    void aPathThatCannotBeReadIsRefused(String path) throws IOException {
        assertThat(said("GET " + path + " HTTP/1.1\nHost: a\n\n")).startsWith("HTTP/1.1 400 ");
        assertThat(handled).isEmpty();
    }

    @Test
    void parametersThatCannotBeReadWereNotSent() throws IOException {
        var asked = "GET /asked?a=%zz&b=c%20d&%e&f=% HTTP/1.1\nHost: a\nConnection: close\n\n";
        assertThat(said(asked)).startsWith("HTTP/1.1 200 ");
        assertThat(handled).containsExactly("/asked", "{b=[c d]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: chunked\nContent-Length: 4\n",
                "Content-Length: 4\nTransfer-Encoding: chunked\n",
                "Transfer-Encoding: chunked\nTransfer-Encoding: identity\n",
                "Transfer-Encoding: xchunked\n",
                "Transfer-Encoding: gzip, chunked\n",
                "Transfer-Encoding: \u000bchunked\n",
                "Transfer-Encoding : chunked\n",
                "Content-Length: 4\nContent-Length: 5\n",
                "Content-Length: +4\n",
                "Content-Length: -1\n",
                "Content-Length: 4, 5\n",
                "Content-Length: 0x4\n",
                "Transfer-Encoding: identity\n",
            })
    void aBodyWithTwoEndsIsRefusedAndNothingAfterItIsRead(String headers) throws IOException {
        var said = said("POST /a HTTP/1.1\nHost: x\n" + headers + "\n0\n\nGET /smuggled HTTP/1.1\nHost: x\n\n");
        assertThat(said).startsWith("HTTP/1.1 400");
        assertThat(handled).isEmpty();
    }

    @Test
    void chunksAreOnlyForClientsThatKnowThem() throws IOException {
        assertThat(said("POST /a HTTP/1.0\nHost: x\nTransfer-Encoding: chunked\n\n0\n\nGET /b HTTP/1.0\n\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(handled).isEmpty();
    }

    @Test
    void aFoldedHeaderIsOneLine() throws IOException {
        assertThat(said("""
                POST /a HTTP/1.1
                Host: x
                Transfer-Encoding:
                 chunked
                Connection: close

                0

                GET /smuggled HTTP/1.1
                Host: x

                """)).startsWith("HTTP/1.1 ");
        assertThat(handled).doesNotContain("/smuggled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\nhello\n0\n\n", "-1\nhello\n0\n\n", "5\nhelloXX0\n\n"})
    void halfABodyIsNotTakenForAWholeOne(String chunks) throws IOException, InterruptedException {
        said("POST /a HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n3\nabc\n" + chunks);
        // The connection ends before whoever reads the body has noticed.
        ended.await();
        assertThat(handled).containsExactly("/a", BROKEN);
    }

    @Test
    void whatFollowsARefusedRequestIsNotRead() throws IOException {
        var said = said("POST /refused HTTP/1.1\nHost: x\nContent-Length: 35\n\nGET /smuggled HTTP/1.1\nHost: x\n\n");
        assertThat(said).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
        assertThat(handled).containsExactly("/refused");
    }

    @Test
    void whoDoesNotFinishTheHeadersIsCutOff() throws Exception {
        assertThat(said()).isEmpty();
        assertThat(said("GET /a HTTP/1.1\nHost: ")).isEmpty();
        // Bytes that trickle win no time.
        try (var socket = client()) {
            var trickle = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write("GET /a HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                        socket.getOutputStream().write('x');
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    // Cut off, as it should be.
                }
            });
            rest(socket);
            trickle.join();
        }
        assertThat(handled).isEmpty();
    }

    @Test
    void anIdleConnectionIsClosedAfterItsAnswer() throws IOException {
        assertThat(said("GET /a HTTP/1.1\nHost: x\n\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aBodyThatStopsIsGivenUp() throws IOException {
        assertThat(said("POST /patient HTTP/1.1\nHost: x\nContent-Length: 9\n\nabc"))
                .startsWith("HTTP/1.1 500");
        assertThat(handled).containsExactly("/patient", BROKEN);
    }

    @Test
    void aReaderThatStopsIsGivenUp() throws Exception {
        try (var socket = client()) {
            socket.getOutputStream()
                    .write("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            ended.await();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /%s HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\nHost: a\nX: %s\n\n"})
    void headsHaveABound(String head) throws IOException {
        assertThat(said(head.formatted("a".repeat(300_000)))).startsWith("HTTP/1.1 431 ");
        assertThat(handled).isEmpty();
    }

    @Test
    void theRestOfABodyThatNobodyReadsIsNotReadEither() throws IOException {
        try (var socket = client()) {
            socket.getOutputStream()
                    .write("PUT /unread HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var chunk = ("1000\r\n" + "x".repeat(0x1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> {
                        while (true) socket.getOutputStream().write(chunk);
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(handled).containsExactly("/unread");
    }

    @Test
    void answersThatNobodyReadsAreNotMadeWithoutEnd() throws Exception {
        try (var socket = client()) {
            var asked = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(asked);
            ended.await();
        }
        // About what the kernel keeps for both ends.
        assertThat(handled).hasSizeLessThan(200);
        assertThat(server.waiting()).isLessThan(LIMITS.waiting());
    }

    /// Heads that have not ended are given up before they fill the memory.
    @Test
    void manyLongHeadsAreGivenUp() throws IOException {
        server.close();
        var many = new ServerLimits(100, 100, 4 << 20, () -> false, LIMITS.times());
        server = HttpServer.plain(loops, new InetSocketAddress("127.0.0.1", 0), many, this::serve);
        var open = new ArrayList<Socket>();
        int cut = 0;
        try {
            var half = ("GET /a HTTP/1.1\r\nX: " + "x".repeat(200_000)).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 50; i++) {
                var socket = client();
                open.add(socket);
                try {
                    socket.getOutputStream().write(half);
                } catch (IOException e) {
                    cut++;
                }
            }
            assertThat(server.waiting()).isLessThan(many.waiting());
            assertThat(cut + open.stream().filter(HttpServerAttacksTest::isCut).count())
                    .isPositive();
        } finally {
            for (var socket : open) socket.close();
        }
    }

    private static boolean isCut(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void connectionsAreBounded() throws IOException {
        var open = new ArrayList<Socket>();
        try {
            for (int i = 0; i < LIMITS.connectionsOfOne(); i++) {
                var socket = client();
                open.add(socket);
                socket.getOutputStream()
                        .write("POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            try (var further = client()) {
                assertThat(rest(further)).isIn("", "reset");
            }
            // Others are not harmed.
            try (var other = new Socket()) {
                other.setSoTimeout(20_000);
                other.bind(new InetSocketAddress("127.0.0.2", 0));
                other.connect(new InetSocketAddress("127.0.0.1", server.port()));
                other.getOutputStream()
                        .write("GET /b HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(rest(other)).startsWith("HTTP/1.1 200");
            }
        } finally {
            for (var socket : open) socket.close();
        }
    }
}
