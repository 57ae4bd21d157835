package io.navarch.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// An open WebSocket: messages in, binary or text messages out.
public final class WebSocket {
    private static final byte[] END = new byte[0];

    /// From so many bytes on that wait nothing more is read from the connection.
    private static final int HIGH = 256 << 10;

    /// The same when much waits for others.
    private static final int LITTLE = 8 << 10;

    private final Channel channel;
    private final Gate gate;
    private final Backlog backlog;
    private final BlockingQueue<byte[]> received = new ArrayBlockingQueue<>(256);

    /// The bytes of all messages that wait.
    private long waiting;

    private volatile boolean ended;

    WebSocket(Channel channel, Gate gate, Backlog backlog) {
        this.channel = channel;
        this.gate = gate;
        this.backlog = backlog;
    }

    /// The next message; empty when the peer has closed the socket.
    public Optional<byte[]> receive() throws InterruptedException {
        var message = received.take();
        if (message == END) {
            received.offer(END);
            return Optional.empty();
        }
        long left = count(-message.length);
        if (received.size() < 64 && left < HIGH && !channel.config().isAutoRead())
            channel.config().setAutoRead(true);
        return Optional.of(message);
    }

    public void send(byte[]... parts) throws IOException {
        send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(parts)));
    }

    /// Sends parts of UTF-8 text as one message.
    public void sendText(byte[]... parts) throws IOException {
        send(new TextWebSocketFrame(Unpooled.wrappedBuffer(parts)));
    }

    private void send(WebSocketFrame frame) throws IOException {
        try {
            gate.await(channel);
        } catch (IOException e) {
            frame.release();
            throw e;
        }
        channel.writeAndFlush(frame, gate.taken(channel, frame.content().readableBytes()));
    }

    /// Closes the socket with status 1000, normal closure.
    public void close() {
        if (!channel.isActive()) return;
        channel.writeAndFlush(new CloseWebSocketFrame(1000, "")).addListener(done -> channel.close());
    }

    public boolean ended() {
        return ended;
    }

    ChannelHandler handler() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                try {
                    if (message instanceof PingWebSocketFrame ping) {
                        context.writeAndFlush(
                                new PongWebSocketFrame(ping.content().retain()));
                    } else if (message instanceof CloseWebSocketFrame) {
                        context.close();
                    } else if (message instanceof WebSocketFrame frame && !(message instanceof PongWebSocketFrame)) {
                        offer(bytes(frame.content()));
                    }
                } finally {
                    ReferenceCountUtil.release(message);
                }
            }

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) {
                gate.open();
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                end();
                gate.open();
                // The queue may be full: the reader gets its messages first, then the end.
                Thread.ofVirtual().start(() -> {
                    try {
                        received.put(END);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
            }
        };
    }

    /// @return what waits then
    private synchronized long count(int bytes) {
        if (ended) return 0;
        waiting += bytes;
        backlog.add(bytes);
        return waiting;
    }

    /// What still waits may never be read, and is not counted from now on.
    private synchronized void end() {
        ended = true;
        backlog.add(-waiting);
        waiting = 0;
    }

    private void offer(byte[] message) {
        boolean much = count(message.length) >= (backlog.tight() ? LITTLE : HIGH);
        if (much || received.size() > 192) channel.config().setAutoRead(false);
        if (backlog.full() || !received.offer(message)) {
            count(-message.length);
            channel.close();
        }
    }

    private static byte[] bytes(ByteBuf buffer) {
        var bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    /// Carries a byte stream in binary messages, ignoring message boundaries.
    static final class Tunnel extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            switch (message) {
                case BinaryWebSocketFrame frame -> context.fireChannelRead(frame.content());
                case ContinuationWebSocketFrame frame -> context.fireChannelRead(frame.content());
                case TextWebSocketFrame frame -> frame.release();
                case PingWebSocketFrame frame -> context.writeAndFlush(new PongWebSocketFrame(frame.content()));
                case CloseWebSocketFrame frame -> {
                    frame.release();
                    context.close();
                }
                case PongWebSocketFrame frame -> frame.release();
                default -> context.fireChannelRead(message);
            }
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            context.write(message instanceof ByteBuf buffer ? new BinaryWebSocketFrame(buffer) : message, promise);
        }
    }
}
