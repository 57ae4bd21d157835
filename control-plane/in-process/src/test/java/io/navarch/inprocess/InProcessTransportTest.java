package io.navarch.inprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.ApiException;
import io.navarch.objects.Encoded;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InProcessTransportTest {
    private static final User USER = User.of("me", "mine");

    private static InProcessTransport to(InProcessTransport.Server server) {
        return new InProcessTransport(server, USER);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void theServerSeesTheCallAsOneOverHttp() throws IOException {
        var transport = to(call -> call.respond(
                201,
                Map.of(),
                bytes(call.method() + " " + call.path() + " " + call.query() + " " + call.header("Content-Type") + " "
                        + text(call.body(100)) + " "
                        + call.trusted().orElseThrow().name())));
        try (var response = transport.send("POST", "/a%20b?c=d&c=e", "text/plain", bytes("body"))) {
            assertThat(response.status()).isEqualTo(201);
            assertThat(text(response.body().readAllBytes())).isEqualTo("POST /a b {c=[d, e]} text/plain body me");
        }
    }

    @Test
    void aCallWithoutABodyHasNoContentType() throws IOException {
        var transport =
                to(call -> call.respond(200, Map.of(), bytes(call.header("Content-Type") + call.body(1).length)));
        try (var response = transport.send("GET", "/", null, null)) {
            assertThat(text(response.body().readAllBytes())).isEqualTo("0");
        }
    }

    @Test
    void anAnswerIsReadWhileItIsWritten() throws IOException {
        var read = new CountDownLatch(1);
        var transport = to(call -> {
            try (var out = call.start(200, List.of())) {
                out.write(bytes("first "));
                await(read);
                call.writeShared(out, bytes("sec"), bytes("ond"));
            }
        });
        try (var response = transport.send("GET", "/", null, null)) {
            assertThat(text(response.body().readNBytes(6))).isEqualTo("first ");
            read.countDown();
            assertThat(text(response.body().readAllBytes())).isEqualTo("second");
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) throw new IOException("nobody came");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void whoStopsReadingEndsTheWriter() throws Exception {
        var end = new CompletableFuture<String>();
        var closed = new CountDownLatch(1);
        var transport = to(call -> {
            call.onClose(closed::countDown);
            var out = call.start(200, List.of());
            try {
                while (true) out.write(bytes("more"));
            } catch (IOException e) {
                end.complete(e.getMessage());
                throw e;
            }
        });
        var response = transport.send("GET", "/", null, null);
        assertThat(response.body().read()).isEqualTo('m');
        response.close();
        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("the reader has gone");
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerThatFailsOrAnswersNothingIsAFailedCall() {
        assertThatThrownBy(() -> to(call -> {
                            throw new IOException("broken");
                        })
                        .send("GET", "/", null, null))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
        assertThatThrownBy(() -> to(call -> {}).send("GET", "/", null, null))
                .isInstanceOf(IOException.class)
                .hasMessage("no response");
    }

    @Test
    void aWatchHandsOverTheVeryObjects() throws IOException {
        var objects = List.of(Encoded.of(bytes("{\"a\":1}")), Encoded.of(bytes("{\"a\":2}")));
        var transport = to(call -> {
            try (var out = call.start(200, List.of())) {
                call.writeEvent(out, "ADDED", objects.get(0));
                call.writeEvent(out, "MODIFIED", objects.get(1));
            }
        });
        try (var events = transport.watch("/api/v1/pods?watch=true")) {
            var first = events.next().orElseThrow();
            assertThat(first.type()).isEqualTo("ADDED");
            assertThat(first.object()).isSameAs(objects.get(0));
            assertThat(events.next().orElseThrow().object()).isSameAs(objects.get(1));
            assertThat(events.next()).isEmpty();
        }
    }

    @Test
    void aRefusedWatchSaysWhy() {
        var transport = to(call -> call.respond(
                410,
                Map.of(),
                bytes("{\"kind\":\"Status\",\"reason\":\"Expired\",\"code\":410,\"message\":\"too old\"}")));
        assertThatThrownBy(() -> transport.watch("/api/v1/pods?watch=true"))
                .isInstanceOf(ApiException.class)
                .hasMessage("too old");
    }

    @Test
    void aClosedWatchEndsWhoeverWritesToIt() throws Exception {
        var end = new CompletableFuture<String>();
        var transport = to(call -> {
            var out = call.start(200, List.of());
            try {
                while (true) call.writeEvent(out, "ADDED", Encoded.of(bytes("{}")));
            } catch (IOException e) {
                end.complete(e.getMessage());
                throw e;
            }
        });
        var events = transport.watch("/");
        assertThat(events.next()).isPresent();
        events.close();
        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("the reader has gone");
    }

    @Test
    void anErrorEndsTheCallToo() {
        var transport = to(call -> {
            throw new StackOverflowError();
        });
        assertThatThrownBy(() -> transport.send("GET", "/", null, null)).hasCauseInstanceOf(StackOverflowError.class);
    }
}
