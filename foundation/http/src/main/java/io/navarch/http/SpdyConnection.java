package io.navarch.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The client's side of a SPDY/3.1 connection as container runtimes serve exec and attach over it: this side opens
/// streams, each with headers that say what it is for. No flow-control windows: runtimes and kubectl use none either.
public final class SpdyConnection {
    /// One stream; closing `out` ends this side of it.
    public record Stream(InputStream in, OutputStream out) {}

    private final Channel channel;
    private final Gate gate;
    private final Map<Integer, Inbound> streams = new ConcurrentHashMap<>();
    private final AtomicInteger nextId = new AtomicInteger(1);

    SpdyConnection(Channel channel, Gate gate) {
        this.channel = channel;
        this.gate = gate;
    }

    /// Opens a stream with these headers.
    public Stream open(Map<String, String> headers) {
        int id = nextId.getAndAdd(2);
        var in = new Inbound(channel, Backlog.unbounded());
        streams.put(id, in);
        var frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
        headers.forEach((name, value) -> frame.headers().set(name.toLowerCase(Locale.ROOT), value));
        channel.writeAndFlush(frame);
        var out = new Outbound(channel, gate, buffer -> new DefaultSpdyDataFrame(id, buffer), () -> {
            var last = new DefaultSpdyDataFrame(id);
            last.setLast(true);
            channel.writeAndFlush(last);
        });
        return new Stream(in, out);
    }

    public void close() {
        channel.close();
    }

    void install() {
        channel.pipeline().addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1)).addLast("spdy", new Frames());
    }

    private final class Frames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                switch (message) {
                    case SpdyDataFrame data -> {
                        var in = streams.get(data.streamId());
                        if (in == null) return;
                        in.offer(data.content());
                        if (data.isLast()) in.end();
                    }
                    case SpdyRstStreamFrame reset -> {
                        var in = streams.remove(reset.streamId());
                        if (in != null) in.fail(new IOException("the stream was reset"));
                    }
                    case SpdyPingFrame ping -> context.writeAndFlush(new DefaultSpdyPingFrame(ping.id()));
                    default -> {}
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
            gate.open();
            streams.values().forEach(Inbound::end);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
