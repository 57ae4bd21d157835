package io.navarch.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What the streams of an HTTP/2 connection have in common. It closes one on which nobody has asked for anything for a
/// while, and ends one whose client makes work that it does not wait for.
final class StreamConnection extends ChannelInboundHandlerAdapter {
    /// So much more than it may have streams may a client have requests in work, of which it has given up the others;
    /// as in Go.
    private static final int GIVEN_UP = 4;

    /// What may arrive before anybody has read any of it, of all streams together.
    private static final int UNREAD = 1 << 20;

    private static final int USUAL_WINDOW = 65_535;

    /// As in Go.
    private static final long FAREWELL_MILLIS = 1000;

    private final Http2FrameCodec codec;
    private final ServerLimits.Times times;
    /// Requests whose handlers have not come to an end.
    private final AtomicInteger running = new AtomicInteger();

    private boolean used;
    private boolean leaving;
    private @Nullable Future<?> checks;
    private long window = System.nanoTime();
    private int signals;

    StreamConnection(Http2FrameCodec codec, ServerLimits.Times times) {
        this.codec = codec;
        this.times = times;
    }

    /// A stream has begun.
    void used() {
        used = true;
    }

    /// @return false when the client has given up too many requests that are still in work
    boolean begin() {
        return running.incrementAndGet() <= GIVEN_UP * ServerLimits.STREAMS;
    }

    void ended() {
        running.decrementAndGet();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Http2Exception {
        var all = codec.connection().connectionStream();
        codec.connection().local().flowController().incrementWindowSize(all, UNREAD - USUAL_WINDOW);
        long idle = times.idle().toMillis();
        checks = context.executor()
                .scheduleWithFixedDelay(
                        () -> check(context), Math.min(idle, times.head().toMillis()), idle, TimeUnit.MILLISECONDS);
    }

    private void check(ChannelHandlerContext context) {
        if (!used && codec.connection().numActiveStreams() == 0) context.close();
        used = false;
    }

    /// Whoever says what the protocol must answer, again and again, is not heard any longer.
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        boolean settings = message instanceof Http2SettingsFrame;
        // The first ones are how a client begins.
        if (settings) used = true;
        boolean signal = settings || message instanceof Http2PingFrame ping && !ping.ack();
        ReferenceCountUtil.release(message);
        if (!signal) return;
        long now = System.nanoTime();
        if (now - window > ServerLimits.WINDOW.toNanos()) {
            window = now;
            signals = 0;
        }
        if (++signals > ServerLimits.RESETS) calm(context);
    }

    /// Ends the connection of a client that asks for too much.
    void calm(ChannelHandlerContext context) {
        if (leaving) return;
        leaving = true;
        context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM))
                .addListener(done -> context.close());
    }

    /// Ends the connection when the streams that there are have been answered; the client opens another one for more.
    void leave(ChannelHandlerContext context) {
        if (leaving) return;
        leaving = true;
        context.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR))
                .addListener(done -> streamEnded(context));
    }

    void streamEnded(ChannelHandlerContext context) {
        if (!leaving || codec.connection().numActiveStreams() > 0) return;
        // What has been written last must have arrived before what the client still sends is refused.
        context.executor().schedule(() -> context.close(), FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        var running = checks;
        if (running != null) running.cancel(false);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
