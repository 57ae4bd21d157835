package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpServer;
import io.navarch.http.Tls;
import io.navarch.process.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteEventsTest {
    private final EventLoops loops = new EventLoops(1);
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final Timers timers = new Timers() {
        @Override
        public void pause(Duration length) {
            pauses.add(length);
        }

        @Override
        public void after(Duration delay, Runnable action) {
            throw new UnsupportedOperationException();
        }
    };
    private final AtomicInteger failures = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.plain(loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), exchange -> {
            var body = new String(exchange.body(1000), StandardCharsets.UTF_8);
            received.add(exchange.method() + " " + exchange.uri() + " " + exchange.header("Content-Type") + " "
                    + exchange.header("Authorization") + " " + body);
            exchange.respond(failures.getAndDecrement() > 0 ? 500 : 204, Map.of(), new byte[0]);
        });
    }

    @AfterEach
    void stop() {
        server.close();
        loops.close();
    }

    private RemoteEvents events() {
        return new RemoteEvents(
                new Kubeconfig(
                        URI.create("http://127.0.0.1:" + server.port() + "/audit?cluster=one"),
                        new Tls.Trust.Machine(),
                        Optional.empty(),
                        "secret"),
                Duration.ofSeconds(10),
                loops,
                timers,
                new Random(1));
    }

    @Test
    void whateverAnswersWellHasTakenIt() throws Exception {
        try (var events = events()) {
            events.post("x".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(received).containsExactly("POST /audit?cluster=one&timeout=30s application/json Bearer secret x");
        assertThat(pauses).isEmpty();
    }

    @Test
    void whatFailsIsTriedAgainAlwaysLater() throws Exception {
        failures.set(2);
        try (var events = events()) {
            events.post(new byte[0]);
        }
        assertThat(received).hasSize(3);
        assertThat(pauses.get(0)).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(12));
        assertThat(pauses.get(1)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(18));
    }

    @Test
    void afterFiveTriesItIsGivenUp() {
        failures.set(9);
        try (var events = events()) {
            assertThatThrownBy(() -> events.post(new byte[0]))
                    .hasMessage("an error on the server (\"\") has prevented the request from succeeding");
        }
        assertThat(received).hasSize(5);
    }
}
