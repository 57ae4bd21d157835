package io.navarch.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The server against clients that do not behave, on bare sockets.
class HttpServerTest {
    private final EventLoops loops = new EventLoops(1);
    private final AtomicLong written = new AtomicLong();
    private final CountDownLatch writerEnded = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.plain(loops, new InetSocketAddress("127.0.0.1", 0), this::serve);
    }

    @AfterEach
    void stop() {
        server.close();
        loops.close();
    }

    private void serve(Exchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/endless" -> {
                var chunk = new byte[1 << 16];
                try (var out = exchange.start(200, Map.of())) {
                    while (true) {
                        out.write(chunk);
                        written.addAndGet(chunk.length);
                    }
                } catch (IOException e) {
                    writerEnded.countDown();
                }
            }
            case "/echo" -> {
                try {
                    exchange.respond(200, "text/plain", exchange.body(100, Duration.ofMillis(400)));
                } catch (BodyTooSlowException e) {
                    exchange.respond(
                            504, "text/plain", String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
                } catch (BodyTooLargeException e) {
                    exchange.respond(413, "text/plain", new byte[0]);
                }
            }
            default -> exchange.respond(200, "text/plain", exchange.path().getBytes(StandardCharsets.UTF_8));
        }
    }

    private final class Client implements AutoCloseable {
        private final Socket socket = new Socket("127.0.0.1", server.port());
        private final BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

        Client() throws IOException {
            socket.setSoTimeout(20_000);
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        /// Code and body of the next answer.
        String answer() throws IOException {
            var status = reader.readLine();
            if (status == null) return "closed";
            int length = 0;
            for (String line; !(line = reader.readLine()).isEmpty(); )
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                    length = Integer.parseInt(line.substring(15).strip());
            var body = new StringBuilder();
            for (int i = 0; i < length; i++) body.append((char) reader.read());
            return status.split(" ")[1] + " " + body;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void requestsOnOneConnectionAreAnsweredInTurn() throws IOException {
        try (var client = new Client()) {
            client.send(
                    "GET /a HTTP/1.1\nHost: x\n\nPOST /echo HTTP/1.1\nHost: x\nContent-Length: 2\n\nhiGET /b HTTP/1.1\nHost: x\n\n");
            assertThat(client.answer()).isEqualTo("200 /a");
            assertThat(client.answer()).isEqualTo("200 hi");
            assertThat(client.answer()).isEqualTo("200 /b");
        }
    }

    @Test
    void halfABodyIsGivenUp() throws IOException {
        try (var client = new Client()) {
            client.send("POST /echo HTTP/1.1\nHost: x\nContent-Length: 50\n\nhalf");
            assertThat(client.answer()).startsWith("504 the request body did not come within");
        }
    }

    @Test
    void aBodyThatTricklesIsGivenUpAsWell() throws Exception {
        try (var client = new Client()) {
            client.send("POST /echo HTTP/1.1\nHost: x\nContent-Length: 99\n\n");
            var trickle = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 98; i++) {
                        client.send("x");
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    // The server has closed the connection.
                }
            });
            assertThat(client.answer()).startsWith("504");
            client.close();
            trickle.join();
        }
    }

    @Test
    void bodiesHaveALimit() throws IOException {
        try (var client = new Client()) {
            client.send("POST /echo HTTP/1.1\nHost: x\nContent-Length: 101\n\n" + "x".repeat(101));
            assertThat(client.answer()).startsWith("413");
        }
    }

    @Test
    void whatIsNoRequestIsAnsweredAndClosed() throws IOException {
        try (var client = new Client()) {
            client.send("no request at all\n\n");
            assertThat(client.answer()).startsWith("400");
            assertThat(client.answer()).isEqualTo("closed");
        }
    }

    @Test
    void aReaderThatStopsTakesLittleMemoryAndHoldsNobodyUp() throws Exception {
        try (var stuck = new Client();
                var other = new Client()) {
            stuck.send("GET /endless HTTP/1.1\nHost: x\n\n");
            long before = -1;
            // Until the writer stands still.
            while (written.get() == 0 || written.get() != before) {
                before = written.get();
                for (int i = 0; i < 200; i++) {
                    other.send("GET /a HTTP/1.1\nHost: x\n\n");
                    assertThat(other.answer()).isEqualTo("200 /a");
                }
            }
            // What the sockets' own buffers hold, and a little more.
            assertThat(written.get()).isLessThan(32 << 20);
            stuck.close();
            assertThat(writerEnded.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
