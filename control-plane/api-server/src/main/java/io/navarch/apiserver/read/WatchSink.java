package io.navarch.apiserver.read;

import io.navarch.apiserver.request.Call;
import io.navarch.apiserver.request.ResourceRequest;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.http.WebSocket;
import io.navarch.objects.Encoded;
import java.io.IOException;
import java.io.OutputStream;

/// Where the events of a watch go: one call an event.
interface WatchSink extends AutoCloseable {
    void event(String type, Encoded object) throws IOException;

    /// An event that is encoded already.
    void frame(byte[] bytes) throws IOException;

    /// Whether an event goes on its way without waiting for the client.
    default boolean ready() {
        return true;
    }

    /// Waits until events have been sent, or cannot be because the client reads nothing.
    default void settle() throws IOException {}

    @Override
    void close() throws IOException;

    /// A chunked answer; or a WebSocket with a message per event, for clients that ask for that.
    ///
    /// @param leave runs when the client has gone
    static WatchSink open(ResourceRequest request, String type, Runnable leave) throws IOException {
        var call = request.call();
        var upgradable = call.exchange()
                .filter(Exchange::wantsUpgrade)
                .filter(exchange -> call.header(HeaderNames.UPGRADE).equalsIgnoreCase("websocket"));
        if (upgradable.isPresent()) {
            request.response().begin();
            return new Messages(upgradable.get().upgrade().webSocket(""), leave);
        }
        return new Chunks(call, request.response().start(200, request.response().headers(type)));
    }

    record Chunks(Call call, OutputStream out) implements WatchSink {
        @Override
        public void event(String type, Encoded object) throws IOException {
            call.writeEvent(out, type, object);
        }

        @Override
        public void frame(byte[] bytes) throws IOException {
            call.writeShared(out, bytes);
        }

        @Override
        public boolean ready() {
            return call.ready(out);
        }

        @Override
        public void settle() throws IOException {
            call.settle(out);
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    final class Messages implements WatchSink {
        private final WebSocket socket;

        Messages(WebSocket socket, Runnable leave) {
            this.socket = socket;
            // The only thing a client has to say is goodbye.
            Thread.ofVirtual().name("watch-socket").start(() -> {
                try {
                    while (socket.receive().isPresent()) {}
                    leave.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public void event(String type, Encoded object) throws IOException {
            socket.sendText(Call.event(type, object));
        }

        @Override
        public void frame(byte[] bytes) throws IOException {
            socket.send(bytes);
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
