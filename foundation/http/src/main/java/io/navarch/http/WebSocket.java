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
import java.util.concurrent.atomic.AtomicLong;

/// An open WebSocket: messages in, binary or text messages out.
public final class WebSocket {
    private static final byte[] END = new byte[0];

    /// From so many bytes on that wait nothing more is read from the connection.
    private static final int HIGH = 1 << 20;

    private final Channel channel;
    private final Outbound.Gate gate;
    private final BlockingQueue<byte[]> received = new ArrayBlockingQueue<>(256);

    /// The bytes of all messages that wait.
    private final AtomicLong waiting = new AtomicLong();

    private volatile boolean ended;

    WebSocket(Channel channel, Outbound.Gate gate) {
        this.channel = channel;
        this.gate = gate;
    }

    /// The next message; empty when the peer has closed the socket.
    public Optional<byte[]> receive() throws InterruptedException {
        var message = received.take();
        if (message == END) {
            received.offer(END);
            return Optional.empty();
        }
        long left = waiting.addAndGet(-message.length);
        if (received.size() < 64 && left < HIGH && !channel.config().isAutoRead())
            channel.config().setAutoRead(true);
        return Optional.of(message);
    }

    public void send(byte[]... parts) throws IOException {
        gate.await(channel);
        channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(parts)));
    }

    /// Sends parts of UTF-8 text as one message.
    public void sendText(byte[]... parts) throws IOException {
        gate.await(channel);
        channel.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(parts)));
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
                ended = true;
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

    private void offer(byte[] message) {
        boolean much = waiting.addAndGet(message.length) >= HIGH;
        if (much || received.size() > 192) channel.config().setAutoRead(false);
        if (!received.offer(message)) channel.close();
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
