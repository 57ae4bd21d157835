package io.navarch.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Closes an HTTP/2 connection on which nobody has asked for anything for a while.
final class IdleStreams extends ChannelInboundHandlerAdapter {
    private final Http2FrameCodec codec;
    private final Duration idle;
    private boolean used = true;
    private @Nullable Future<?> checks;

    IdleStreams(Http2FrameCodec codec, Duration idle) {
        this.codec = codec;
        this.idle = idle;
    }

    /// A stream has begun.
    void used() {
        used = true;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        long millis = idle.toMillis();
        checks = context.executor().scheduleWithFixedDelay(() -> check(context), millis, millis, TimeUnit.MILLISECONDS);
    }

    private void check(ChannelHandlerContext context) {
        if (!used && codec.connection().numActiveStreams() == 0) context.close();
        used = false;
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
