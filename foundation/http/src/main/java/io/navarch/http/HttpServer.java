package io.navarch.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsyncMapping;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Listens on one address. With a TLS context it speaks HTTP/2 and HTTP/1.1, chosen by ALPN; without one, HTTP/1.1.
public final class HttpServer implements AutoCloseable {
    /// Far more than any client has to say before it is encrypted.
    private static final int CLIENT_HELLO = 64 << 10;

    /// How many writes may be held back until the event loop has done its earlier tasks.
    private static final int FLUSHES = 256;

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listener;

    /// Chooses the certificate by the server name a client asks for; called for every connection, so that
    /// certificates can be renewed, and on a thread of its own, so that it may take its time.
    public interface Certificates {
        /// @param serverName from the TLS handshake, `""` when the client sends none
        SslContext context(String serverName);
    }

    /// Listens for plain HTTP.
    ///
    /// @throws IOException when the address cannot be bound
    public static HttpServer plain(EventLoops loops, InetSocketAddress address, HttpHandler handler)
            throws IOException {
        return plain(loops, address, ServerLimits.USUAL, handler);
    }

    public static HttpServer plain(
            EventLoops loops, InetSocketAddress address, ServerLimits limits, HttpHandler handler) throws IOException {
        return new HttpServer(
                loops, address, limits, channel -> http1(channel.pipeline(), handler, Optional.empty(), limits));
    }

    /// Listens for TLS.
    ///
    /// @throws IOException when the address cannot be bound
    public static HttpServer secure(
            EventLoops loops, InetSocketAddress address, Certificates certificates, HttpHandler handler)
            throws IOException {
        return secure(loops, address, certificates, ServerLimits.USUAL, handler);
    }

    public static HttpServer secure(
            EventLoops loops,
            InetSocketAddress address,
            Certificates certificates,
            ServerLimits limits,
            HttpHandler handler)
            throws IOException {
        return new HttpServer(loops, address, limits, channel -> secure(channel, certificates, limits, handler));
    }

    private HttpServer(EventLoops loops, InetSocketAddress address, ServerLimits limits, Consumer<Channel> accept)
            throws IOException {
        var bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (connections.size() >= limits.connections()) {
                            channel.close();
                            return;
                        }
                        connections.add(channel);
                        accept.accept(channel);
                    }
                });
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("cannot listen on " + address.getAddress().getHostAddress() + ":" + address.getPort()
                    + ": " + bound.cause().getMessage());
        }
        listener = bound.channel();
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private static void http1(
            ChannelPipeline pipeline, HttpHandler handler, Optional<SSLSession> session, ServerLimits limits) {
        pipeline.addLast(ReceivedHeaders.codec())
                .addLast(Upgrade.REQUESTS, new RequestHandler(handler, session, Optional.of(limits)));
    }

    private static void secure(Channel channel, Certificates certificates, ServerLimits limits, HttpHandler handler) {
        var ssl = new SniHandler(
                (AsyncMapping<String, SslContext>) (name, promise) -> chosen(certificates, shown(name), promise),
                CLIENT_HELLO,
                limits.handshake().toMillis());
        channel.pipeline().addLast(ssl, new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
            @Override
            protected void configurePipeline(ChannelHandlerContext context, String protocol) {
                var session = context.pipeline().get(SslHandler.class).engine().getSession();
                // Many streams write at once: pending writes are encrypted and sent together.
                context.pipeline().addLast(new FlushConsolidationHandler(FLUSHES, true));
                if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                    http2(context.channel(), handler, session, limits);
                } else {
                    http1(context.pipeline(), handler, Optional.of(session), limits);
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
            }
        });
    }

    private static Future<SslContext> chosen(
            Certificates certificates, String serverName, Promise<SslContext> promise) {
        Thread.ofVirtual().name("certificate").start(() -> {
            try {
                promise.trySuccess(certificates.context(serverName));
            } catch (RuntimeException e) {
                promise.tryFailure(e);
            }
        });
        return promise;
    }

    private static String shown(@Nullable String serverName) {
        return serverName == null ? "" : serverName;
    }

    private static void http2(Channel channel, HttpHandler handler, SSLSession session, ServerLimits limits) {
        var codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(1000)
                        .initialWindowSize(1 << 20)
                        .maxHeaderListSize(ReceivedHeaders.MAX_HEADERS))
                // Clients cancel a watch by resetting its stream, so many resets are not an attack.
                .decoderEnforceMaxRstFramesPerWindow(100_000, 30)
                .build();
        var idle = new IdleStreams(codec, limits.idle());
        var streams = new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                idle.used();
                stream.pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                        .addLast(Upgrade.REQUESTS, new RequestHandler(handler, Optional.of(session), Optional.empty()));
            }
        });
        channel.pipeline().addLast(codec, streams, idle);
    }

    /// Accepts no further connections; open ones stay.
    public void stopListening() {
        listener.close().awaitUninterruptibly();
    }

    @Override
    public void close() {
        stopListening();
        connections.close().awaitUninterruptibly();
    }
}
