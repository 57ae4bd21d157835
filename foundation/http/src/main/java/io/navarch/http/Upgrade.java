package io.navarch.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A connection that leaves HTTP behind: for raw bytes, for SPDY/3.1, or for WebSocket frames.
public final class Upgrade {
    /// Bytes both ways.
    public record Raw(InputStream in, OutputStream out, Runnable close) {
        /// Moves bytes both ways until either side has ended, then closes both.
        public void splice(Raw far) {
            var up = Thread.ofVirtual().name("splice").start(() -> {
                pump(in, far.out);
                far.close.run();
            });
            pump(far.in, out);
            close.run();
            try {
                up.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void pump(InputStream from, OutputStream to) {
            var buffer = new byte[32 << 10];
            try {
                for (int count; (count = from.read(buffer)) >= 0; ) to.write(buffer, 0, count);
            } catch (IOException e) {
                // One side is gone, so the other is closed as well.
            }
        }
    }

    /// The pipeline's handler of requests, which leaves when another protocol takes over.
    static final String REQUESTS = "requests";

    private final Channel channel;
    private final HttpRequest request;
    private final Inbound inbound;
    private final Gate gate;
    private final Backlog backlog;

    Upgrade(Channel channel, HttpRequest request, Gate gate, Backlog backlog) {
        this.channel = channel;
        this.request = request;
        // The request's own body has ended; what arrives from now on is a different stream.
        this.inbound = new Inbound(channel, backlog);
        this.gate = gate;
        this.backlog = backlog;
        // Whoever watches a terminal may stop it for long.
        gate.patience(Duration.ZERO);
    }

    private DefaultFullHttpResponse switching(Iterable<Map.Entry<String, String>> headers) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        for (var header : headers) response.headers().add(header.getKey(), header.getValue());
        return response;
    }

    /// Answers 101 with these headers; from then on the connection carries plain bytes.
    public Raw raw(Iterable<Map.Entry<String, String>> headers) throws IOException {
        // No byte may arrive between the two handlers, so both change in one step on the event loop.
        onEventLoop(() -> {
            channel.pipeline().addLast("raw", new RawBytes(inbound, gate));
            leave();
            channel.writeAndFlush(switching(headers));
            channel.pipeline().remove(HttpServerCodec.class);
        });
        return new Raw(inbound, new Outbound(channel, gate, buffer -> buffer, () -> {}), channel::close);
    }

    /// Answers the WebSocket handshake with the chosen subprotocol (`""` for none).
    public WebSocket webSocket(String subprotocol) throws IOException {
        var socket = new WebSocket(channel, gate, backlog);
        handshake(subprotocol, () -> channel.pipeline().addLast("websocket", socket.handler()));
        return socket;
    }

    /// A byte stream carried in binary WebSocket messages: how kubectl forwards ports since v1.31 (KEP-4006), with SPDY
    /// inside.
    public Raw rawOverWebSocket(String subprotocol) throws IOException {
        handshake(subprotocol, () -> {
            channel.pipeline().addLast("tunnel", new WebSocket.Tunnel());
            channel.pipeline().addLast("raw", new RawBytes(inbound, gate));
        });
        return new Raw(inbound, new Outbound(channel, gate, buffer -> buffer, () -> {}), channel::close);
    }

    private void handshake(String subprotocol, Runnable install) throws IOException {
        var factory = new WebSocketServerHandshakerFactory(
                request.uri(), subprotocol.isEmpty() ? null : subprotocol, false, 1 << 20);
        var handshaker = factory.newHandshaker(request);
        if (handshaker == null) throw new IOException("unsupported WebSocket version");
        onEventLoop(() -> {
            leave();
            install.run();
            var full = new DefaultFullHttpRequest(
                    request.protocolVersion(),
                    request.method(),
                    request.uri(),
                    Unpooled.EMPTY_BUFFER,
                    request.headers(),
                    EmptyHttpHeaders.INSTANCE);
            handshaker.handshake(channel, full);
        });
    }

    /// What counts as a request ends here.
    private void leave() {
        channel.pipeline().remove(REQUESTS);
        channel.pipeline().remove(Arrivals.class);
    }

    private void onEventLoop(Runnable action) throws IOException {
        var done = new CompletableFuture<Void>();
        channel.eventLoop().execute(() -> {
            try {
                action.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.join();
        } catch (CompletionException e) {
            channel.close();
            throw new IOException(e.getCause());
        }
    }

    /// Feeds plain bytes to the reader once HTTP has left the connection.
    static final class RawBytes extends ChannelInboundHandlerAdapter {
        private final Inbound inbound;
        private final Gate gate;

        RawBytes(Inbound inbound, Gate gate) {
            this.inbound = inbound;
            this.gate = gate;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf buffer) inbound.offer(buffer);
            ReferenceCountUtil.release(message);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            gate.open();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            inbound.gone();
            gate.open();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
