package io.navarch.apiserver.proxy;

import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.HttpClient;
import io.navarch.http.WebSocket;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// An answer that goes on for long, such as a log, in the messages of a WebSocket: how browsers follow it.
///
/// @param base64 whether its bytes are text
record BinarySocket(String protocol, boolean base64) {
    private static final List<BinarySocket> ALL = List.of(
            new BinarySocket("", false),
            new BinarySocket("binary.k8s.io", false),
            new BinarySocket("base64.binary.k8s.io", true));

    /// Empty when the client wants no WebSocket, or none of these.
    static Optional<BinarySocket> of(Exchange exchange) {
        if (!exchange.header(HeaderNames.UPGRADE).equalsIgnoreCase("websocket")) return Optional.empty();
        var offered = exchange.header(HeaderNames.SEC_WEBSOCKET_PROTOCOL);
        return Arrays.stream(offered.strip().split("\\s*,\\s*"))
                .flatMap(name -> ALL.stream().filter(each -> each.protocol.equals(name)))
                .findFirst();
    }

    /// Sends all of an answer. Whoever closes the socket ends it.
    void send(Exchange exchange, HttpClient.Response response) throws IOException {
        var socket = exchange.upgrade().webSocket(protocol);
        Thread.ofVirtual().name("socket").start(() -> drain(socket, response));
        var buffer = new byte[16 << 10];
        for (int count; (count = response.body().read(buffer)) >= 0; ) {
            var bytes = Arrays.copyOf(buffer, count);
            if (base64) socket.sendText(Base64.getEncoder().encode(bytes));
            else socket.send(bytes);
        }
        socket.close();
    }

    /// What the client says is not listened to, only that it is still there.
    private static void drain(WebSocket socket, HttpClient.Response response) {
        try {
            var message = socket.receive();
            while (message.isPresent()) message = socket.receive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            response.close();
        }
    }
}
