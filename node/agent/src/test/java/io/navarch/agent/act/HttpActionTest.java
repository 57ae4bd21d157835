package io.navarch.agent.act;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.http.EventLoops;
import io.navarch.http.HttpClient;
import io.navarch.model.Container;
import io.navarch.model.HTTPGetAction;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpActionTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Semaphore ended = new Semaphore(0);

    private static HTTPGetAction action(int port, String more) {
        return HTTPGetAction.of(View.of(Yaml.parse("{port: " + port + more + "}")));
    }

    /// Answers, wants to keep the connection, and waits for its end.
    private void serve(Socket socket) {
        try (socket) {
            var in = socket.getInputStream();
            var head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) return;
                head.append((char) next);
            }
            seen.add(head.toString());
            socket.getOutputStream()
                    .write("HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            if (in.read() < 0) ended.release();
        } catch (IOException e) {
            ended.release();
        }
    }

    private void accept(ServerSocket listening) {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    var socket = listening.accept();
                    Thread.ofPlatform().daemon().start(() -> serve(socket));
                }
            } catch (IOException e) {
                // Closed: the test is over.
            }
        });
    }

    private ServerSocket secure() throws Exception {
        var store = directory.resolve("keys");
        var made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=pod",
                        "-storepass",
                        "changeit",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        var keys = java.security.KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0);
    }

    @Test
    void everyCallOverTlsEndsItsConnection() throws Exception {
        try (var loops = new EventLoops(1);
                var listening = secure()) {
            accept(listening);
            var calls = HttpAction.over(new HttpClient(loops, LONG));
            for (int i = 0; i < 20; i++)
                assertThat(calls.call(
                                action(listening.getLocalPort(), ", scheme: HTTPS"),
                                Container.ABSENT,
                                "127.0.0.1",
                                LONG))
                        .isEqualTo(204);
            assertThat(ended.tryAcquire(20, 30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPodCannotSayThatItsConnectionStays() throws Exception {
        try (var loops = new EventLoops(1);
                var listening = new ServerSocket(0)) {
            accept(listening);
            var calls = HttpAction.over(new HttpClient(loops, LONG));
            var more = ", httpHeaders: [{name: connection, value: keep-alive}, {name: user-agent, value: mine},"
                    + " {name: Host, value: example.org}]";
            calls.call(action(listening.getLocalPort(), more), Container.ABSENT, "127.0.0.1", LONG);
            assertThat(ended.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            assertThat(seen)
                    .singleElement()
                    .asString()
                    .contains("example.org", "mine")
                    .doesNotContain("keep-alive");
        }
    }

    @Test
    void aPathOrHeaderWithALineBreakIsNotSent() throws Exception {
        try (var loops = new EventLoops(1);
                var listening = new ServerSocket(0)) {
            accept(listening);
            var calls = HttpAction.over(new HttpClient(loops, LONG));
            for (var more : List.of(
                    ", path: \"/ HTTP/1.1\\r\\nX: y\\r\\n\\r\\nGET /other\"",
                    ", httpHeaders: [{name: a, value: \"b\\r\\nX: y\"}]",
                    ", httpHeaders: [{name: \"a: b\\r\\nX\", value: y}]"))
                assertThatThrownBy(() -> calls.call(
                                action(listening.getLocalPort(), more),
                                Container.ABSENT,
                                "127.0.0.1",
                                Duration.ofSeconds(2)))
                        .as(more)
                        .isInstanceOf(IOException.class);
            assertThat(seen).isEmpty();
        }
    }
}
