package io.navarch.benchmarks.api;

import io.navarch.http.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FutureListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// One HTTP/2 connection over TLS, as client-go has them: many calls and watches side by side. Cheaper than any client
/// for people, so that the server is what is measured.
final class Connection implements AutoCloseable {
    /// @param firstByte nanoseconds from the call to the first bytes of the body
    record Answer(int code, byte[] body, long firstByte) {
        Answer expect(int wanted) {
            if (code != wanted) throw new IllegalStateException(code + ": " + text());
            return this;
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// What comes on a stream, on the event loop's thread.
    interface Reader {
        void data(ByteBuf bytes);

        /// @param code the status, 0 when there was no proper end
        void end(int code);
    }

    private final Channel channel;
    private final String authority;
    private final String authorization;

    Connection(EventLoops eventLoops, Server server) throws IOException {
        authority = server.config().server().getAuthority();
        authorization = server.config().token().isEmpty()
                ? null
                : "Bearer " + server.config().token();
        var ready = new CompletableFuture<Void>();
        var connected = new Bootstrap()
                .group(eventLoops.group())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline()
                                .addLast(
                                        server.tls().newHandler(made.alloc()),
                                        Http2FrameCodecBuilder.forClient()
                                                .initialSettings(Http2Settings.defaultSettings()
                                                        .initialWindowSize(1 << 20)
                                                        .pushEnabled(false))
                                                .build(),
                                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                                        new ChannelInboundHandlerAdapter() {
                                            @Override
                                            public void channelRead(ChannelHandlerContext context, Object message) {
                                                // The server's settings: streams can be opened.
                                                ready.complete(null);
                                                ReferenceCountUtil.release(message);
                                            }
                                        });
                    }
                })
                .connect(new InetSocketAddress(
                        server.config().server().getHost(), server.config().port()))
                .awaitUninterruptibly();
        if (!connected.isSuccess()) throw new IOException(connected.cause());
        channel = connected.channel();
        ready.join();
    }

    /// Starts a call; what comes back goes to the reader. The stream is returned, to close it or to stop reading.
    Channel start(String method, String path, String type, byte[] body, Reader reader) {
        var stream = new Http2StreamChannelBootstrap(channel)
                .handler(new Incoming(reader))
                .open()
                .awaitUninterruptibly()
                .getNow();
        if (stream == null) throw new UncheckedIOException(new IOException("no stream could be opened"));
        write(stream, method, path, type, body);
        return stream;
    }

    /// The same without waiting for anything: the reader is told of the end also when there was no beginning.
    void send(String method, String path, String type, byte[] body, Reader reader) {
        new Http2StreamChannelBootstrap(channel)
                .handler(new Incoming(reader))
                .open()
                .addListener((FutureListener<Http2StreamChannel>) opened -> {
                    if (opened.isSuccess()) write(opened.getNow(), method, path, type, body);
                    else reader.end(0);
                });
    }

    private void write(Channel stream, String method, String path, String type, byte[] body) {
        var headers = new DefaultHttp2Headers(false)
                .method(method)
                .path(path)
                .scheme("https")
                .authority(authority)
                .add("accept", "application/json")
                .add("user-agent", "benchmark");
        if (authorization != null) headers.add("authorization", authorization);
        if (body != null) headers.add("content-type", type);
        if (body == null) stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true));
        else {
            stream.write(new DefaultHttp2HeadersFrame(headers, false));
            stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        }
    }

    Answer call(String method, String path, String type, byte[] body) {
        var done = new CompletableFuture<Answer>();
        long start = System.nanoTime();
        start(method, path, type, body, new Reader() {
            private final ByteBuf all = Unpooled.buffer(4096);
            private long first;

            @Override
            public void data(ByteBuf bytes) {
                if (first == 0) first = System.nanoTime() - start;
                all.writeBytes(bytes);
            }

            @Override
            public void end(int code) {
                done.complete(new Answer(code, ByteBufUtil.getBytes(all), first));
            }
        });
        try {
            return done.join();
        } catch (CompletionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    Answer get(String path) {
        return call("GET", path, null, null);
    }

    @Override
    public void close() {
        channel.close();
    }

    private static final class Incoming extends ChannelInboundHandlerAdapter {
        private final Reader reader;
        private int code;
        private boolean ended;

        Incoming(Reader reader) {
            this.reader = reader;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof Http2HeadersFrame headers) {
                    if (headers.headers().status() != null)
                        code = Integer.parseInt(headers.headers().status().toString());
                    if (headers.isEndStream()) end(code);
                } else if (message instanceof Http2DataFrame data) {
                    if (data.content().isReadable()) reader.data(data.content());
                    if (data.isEndStream()) end(code);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void end(int with) {
            if (ended) return;
            ended = true;
            reader.end(with);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end(0);
        }
    }
}
