package io.navarch.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/// Counts what has arrived on a connection and has not become a request yet: long heads that come slowly must not fill
/// the memory. What a usual head takes is not counted.
final class Arrivals extends ChannelInboundHandlerAdapter {
    private static final int USUAL = 4 << 10;

    private final Backlog backlog;
    private int arrived;
    private int counted;

    Arrivals(Backlog backlog) {
        this.backlog = backlog;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf buffer) arrived += buffer.readableBytes();
        if (arrived > USUAL) {
            backlog.add(arrived - counted);
            counted = arrived;
            if (backlog.full()) {
                ReferenceCountUtil.release(message);
                context.close();
                return;
            }
        }
        context.fireChannelRead(message);
    }

    /// What has arrived has been passed on.
    void taken() {
        arrived = 0;
        if (counted == 0) return;
        backlog.add(-counted);
        counted = 0;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        taken();
    }
}
