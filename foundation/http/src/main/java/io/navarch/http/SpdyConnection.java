package io.navarch.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// The server's side of a SPDY/3.1 connection as remotecommand and port-forward use it: the client opens streams, each
/// with headers that say what it is for. Windows are not kept: neither kubectl nor client-go keeps them.
public final class SpdyConnection {
    /// One stream. Closing `out` ends this side of it.
    public record Stream(int id, Map<String, String> headers, InputStream in, OutputStream out, Runnable reset) {
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        }
    }

    private static final Stream END = new Stream(0, Map.of(), InputStream.nullInputStream(), null, () -> {});

    private final Channel channel;
    private final Outbound.Gate gate;
    private final Map<Integer, Inbound> streams = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Stream> opened = new LinkedBlockingQueue<>();

    SpdyConnection(Channel channel, Outbound.Gate gate) {
        this.channel = channel;
        this.gate = gate;
    }

    /// The next stream that the client opens, or `null` when the connection is closed.
    public Stream accept() throws InterruptedException {
        var stream = opened.take();
        if (stream != END) return stream;
        opened.add(END);
        return null;
    }

    public void close() {
        channel.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER).addListener(done -> channel.close());
    }

    void install(ChannelPipeline pipeline) {
        pipeline.addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1)).addLast("spdy", new Frames());
    }

    private void open(ChannelHandlerContext context, SpdySynStreamFrame frame) {
        int id = frame.streamId();
        var headers = new HashMap<String, String>();
        for (var name : frame.headers().names()) {
            headers.put(name.toString().toLowerCase(java.util.Locale.ROOT), frame.headers().getAsString(name));
        }
        var in = new Inbound(channel);
        if (frame.isLast()) in.end();
        streams.put(id, in);
        var reply = new DefaultSpdySynReplyFrame(id);
        // An empty header block is encoded as no bytes at all, and the client waits for it for ever.
        reply.headers().set("status", "200");
        context.writeAndFlush(reply);
        var out = new Outbound(channel, gate, buffer -> new DefaultSpdyDataFrame(id, buffer), ignored -> {
            var last = new DefaultSpdyDataFrame(id);
            last.setLast(true);
            return last;
        });
        Runnable reset = () -> channel.writeAndFlush(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.CANCEL));
        opened.add(new Stream(id, headers, in, out, reset));
    }

    private final class Frames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                switch (message) {
                    case SpdySynStreamFrame syn -> open(context, syn);
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
                    case SpdyGoAwayFrame ignored -> {}
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
            opened.add(END);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
