package io.navarch.agent.api;

import io.navarch.cri.ContainerRuntime.SessionStreams;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.http.SpdyConnection;
import io.navarch.http.WebSocket;
import io.navarch.model.Status;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Brings clients that want to stream together with the runtime, which speaks SPDY/3.1: SPDY clients are spliced to it
/// byte for byte; WebSocket clients (v4 and v5 channels) are translated; forwarded ports in WebSockets are unwrapped.
final class Streams {
    private static final String PORT_FORWARD = "portforward.k8s.io";

    /// Of how a command ended: one Status.
    private static final int LONGEST_STATUS = 64 << 10;

    // Channels of the WebSocket protocols.
    private static final byte STDIN = 0;
    private static final byte STDOUT = 1;
    private static final byte STDERR = 2;
    private static final byte ERROR = 3;
    private static final byte RESIZE = 4;
    private static final int CLOSE = 255;

    private final HttpClient http;

    Streams(HttpClient http) {
        this.http = http;
    }

    private static boolean webSocket(Exchange exchange) {
        return exchange.header(HeaderNames.UPGRADE).equalsIgnoreCase("websocket");
    }

    private HttpClient.Response connect(String url, List<Map.Entry<String, String>> headers) throws IOException {
        var uri = URI.create(url);
        var target = HttpClient.Target.plain(uri.getHost(), uri.getPort());
        var path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        return http.send(target, HttpClient.Request.of("POST", path, headers, new byte[0]), Duration.ofSeconds(30));
    }

    private static List<Map.Entry<String, String>> spdy(List<String> protocols) {
        var headers = new ArrayList<Map.Entry<String, String>>();
        headers.add(Map.entry(HeaderNames.CONNECTION, "Upgrade"));
        headers.add(Map.entry(HeaderNames.UPGRADE, "SPDY/3.1"));
        for (var protocol : protocols) headers.add(Map.entry("X-Stream-Protocol-Version", protocol));
        return headers;
    }

    void remoteCommand(Exchange exchange, String url, SessionStreams wanted) throws Exception {
        if (!webSocket(exchange)) {
            splice(
                    exchange,
                    url,
                    exchange.headers().stream()
                            .filter(header -> header.getKey().equalsIgnoreCase("X-Stream-Protocol-Version"))
                            .map(Map.Entry::getValue)
                            .toList());
            return;
        }
        var protocol = ChannelProtocol.of(exchange.header(HeaderNames.SEC_WEBSOCKET_PROTOCOL));
        if (protocol.isEmpty()) {
            exchange.respond(400, "text/plain", "unsupported WebSocket subprotocol".getBytes());
            return;
        }
        var response = connect(url, spdy(List.of("v4.channel.k8s.io")));
        if (response.status() != 101) throw new IOException("the runtime answered " + response.status());
        var connection = response.spdy();
        var socket = exchange.upgrade().webSocket(protocol.get().name());
        new Translation(connection, socket, protocol.get()).run(wanted);
    }

    /// Carries the channels of a WebSocket over streams of a SPDY connection.
    private record Translation(SpdyConnection connection, WebSocket socket, ChannelProtocol protocol) {
        void run(SessionStreams wanted) throws InterruptedException {
            var error = connection.open(Map.of("streamType", "error"));
            var in = wanted.stdin() ? connection.open(Map.of("streamType", "stdin")) : null;
            var out = wanted.stdout() ? connection.open(Map.of("streamType", "stdout")) : null;
            var err = wanted.stderr() ? connection.open(Map.of("streamType", "stderr")) : null;
            var resize = wanted.tty() ? connection.open(Map.of("streamType", "resize")) : null;
            try (var scope = new TaskScope()) {
                greet(out != null ? STDOUT : err != null ? STDERR : ERROR);
                var writers = new ArrayList<Thread>();
                if (out != null) writers.add(scope.start("stdout", () -> pump(out.in(), STDOUT)));
                if (err != null) writers.add(scope.start("stderr", () -> pump(err.in(), STDERR)));
                writers.add(scope.start("error", () -> end(error.in())));
                scope.start("messages", () -> {
                    receive(in, resize);
                    connection.close();
                });
                for (var writer : writers) writer.join();
                socket.close();
            } finally {
                connection.close();
            }
        }

        /// An empty message tells the client that all is connected.
        private void greet(byte channel) {
            try {
                protocol.send(socket, channel, new byte[0]);
            } catch (IOException e) {
                // The client has gone: whoever reads from it sees that next.
            }
        }

        /// The runtime says it in a Status, which older protocols do not know.
        private void end(InputStream from) throws IOException {
            if (protocol.status()) {
                pump(from, ERROR);
                return;
            }
            var said = from.readNBytes(LONGEST_STATUS);
            if (said.length == 0) return;
            var status = View.of(Json.parseMap(said));
            if (!status.get(Status.STATUS).string().equals("Success"))
                protocol.send(socket, ERROR, status.get(Status.MESSAGE).string().getBytes(StandardCharsets.UTF_8));
        }

        private void pump(InputStream from, byte channel) {
            var buffer = new byte[16 << 10];
            try {
                for (int count; (count = from.read(buffer)) >= 0; ) {
                    if (count > 0) protocol.send(socket, channel, Arrays.copyOf(buffer, count));
                }
            } catch (IOException e) {
                // The client has gone; closing the connection ends the others.
            }
        }

        private void receive(SpdyConnection.@Nullable Stream in, SpdyConnection.@Nullable Stream resize)
                throws InterruptedException {
            for (var next = socket.receive(); next.isPresent(); next = socket.receive()) {
                var message = protocol.received(next.get());
                if (message.length == 0) continue;
                try {
                    if (message[0] == STDIN && in != null && message.length > 1)
                        in.out().write(message, 1, message.length - 1);
                    if (message[0] == RESIZE && resize != null && message.length > 1)
                        resize.out().write(message, 1, message.length - 1);
                    boolean closesStdin = (message[0] & 0xff) == CLOSE && message.length > 1 && message[1] == STDIN;
                    if (closesStdin && in != null) in.out().close();
                } catch (IOException e) {
                    return;
                }
            }
        }
    }

    void portForward(Exchange exchange, String url) throws Exception {
        if (!webSocket(exchange)) {
            splice(exchange, url, List.of(PORT_FORWARD));
            return;
        }
        var tunnelled = "SPDY/3.1+" + PORT_FORWARD;
        if (!exchange.header(HeaderNames.SEC_WEBSOCKET_PROTOCOL).contains(tunnelled)) {
            exchange.respond(400, "text/plain", "unsupported WebSocket subprotocol".getBytes());
            return;
        }
        var response = connect(url, spdy(List.of(PORT_FORWARD)));
        if (response.status() != 101) throw new IOException("the runtime answered " + response.status());
        exchange.upgrade().rawOverWebSocket(tunnelled).splice(response.upgraded());
    }

    private void splice(Exchange exchange, String url, List<String> protocols) throws Exception {
        var response = connect(url, spdy(protocols));
        if (response.status() != 101) {
            try (response) {
                exchange.respond(
                        response.status(), "text/plain", response.body().readAllBytes());
            }
            return;
        }
        exchange.upgrade().raw(response.headers()).splice(response.upgraded());
    }
}
