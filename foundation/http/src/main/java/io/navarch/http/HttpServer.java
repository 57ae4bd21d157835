package io.navarch.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpServerCodec;
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
import io.netty.util.Mapping;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Listens on one address. With a TLS context it speaks HTTP/2 and HTTP/1.1, chosen by ALPN; without one, HTTP/1.1.
public final class HttpServer implements AutoCloseable {
    /// Port-forward and label selectors make long request lines; Kubernetes accepts headers up to 1 MiB.
    private static final int MAX_LINE = 64 << 10;

    private static final int MAX_HEADERS = 256 << 10;

    /// How many writes may be held back until the event loop has done its earlier tasks.
    private static final int FLUSHES = 256;

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel listener;

    /// Chooses the certificate by the server name a client asks for; called for every connection, so that
    /// certificates can be renewed.
    public interface Certificates {
        /// @param serverName from the TLS handshake, `""` when the client sends none
        SslContext context(String serverName);
    }

    /// Listens for plain HTTP.
    ///
    /// @throws IOException when the address cannot be bound
    public static HttpServer plain(EventLoops loops, InetSocketAddress address, HttpHandler handler)
            throws IOException {
        return new HttpServer(loops, address, channel -> plain(channel, handler));
    }

    /// Listens for TLS.
    ///
    /// @throws IOException when the address cannot be bound
    public static HttpServer secure(
            EventLoops loops, InetSocketAddress address, Certificates certificates, HttpHandler handler)
            throws IOException {
        return new HttpServer(loops, address, channel -> secure(channel, certificates, handler));
    }

    private HttpServer(EventLoops loops, InetSocketAddress address, Consumer<Channel> accept) throws IOException {
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

    private static void plain(Channel channel, HttpHandler handler) {
        channel.pipeline()
                .addLast(new HttpServerCodec(MAX_LINE, MAX_HEADERS, 64 << 10))
                .addLast(Upgrade.REQUESTS, new RequestHandler(handler, Optional.empty()));
    }

    private static void secure(Channel channel, Certificates certificates, HttpHandler handler) {
        var ssl = new SniHandler((Mapping<String, SslContext>) name -> certificates.context(shown(name)));
        channel.pipeline().addLast(ssl, new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
            @Override
            protected void configurePipeline(ChannelHandlerContext context, String protocol) {
                var session = context.pipeline().get(SslHandler.class).engine().getSession();
                // Many streams write at once: pending writes are encrypted and sent together.
                context.pipeline().addLast(new FlushConsolidationHandler(FLUSHES, true));
                if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                    http2(context.channel(), handler, session);
                } else {
                    context.pipeline()
                            .addLast(new HttpServerCodec(MAX_LINE, MAX_HEADERS, 64 << 10))
                            .addLast(Upgrade.REQUESTS, new RequestHandler(handler, Optional.of(session)));
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
            }
        });
    }

    private static String shown(@Nullable String serverName) {
        return serverName == null ? "" : serverName;
    }

    private static void http2(Channel channel, HttpHandler handler, SSLSession session) {
        var codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(1000)
                        .initialWindowSize(1 << 20)
                        .maxHeaderListSize(MAX_HEADERS))
                // Clients cancel a watch by resetting its stream, so many resets are not an attack.
                .decoderEnforceMaxRstFramesPerWindow(100_000, 30)
                .build();
        var streams = new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                        .addLast(Upgrade.REQUESTS, new RequestHandler(handler, Optional.of(session)));
            }
        });
        channel.pipeline().addLast(codec, streams, new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
            }
        });
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
