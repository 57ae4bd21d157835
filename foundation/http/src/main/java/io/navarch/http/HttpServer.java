package io.navarch.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
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
import java.util.function.BiConsumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Listens on one address. With a TLS context it speaks HTTP/2 and HTTP/1.1, chosen by ALPN; without one, HTTP/1.1.
public final class HttpServer implements AutoCloseable {
    /// Far more than any client has to say before it is encrypted.
    private static final int CLIENT_HELLO = 64 << 10;

    /// How many writes may be held back until the event loop has done its earlier tasks.
    private static final int FLUSHES = 256;

    /// How much of an answer waits for a client that does not take it: there may be many streams.
    private static final WriteBufferWaterMark OF_STREAM = new WriteBufferWaterMark(16 << 10, 32 << 10);

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Clients clients;
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
                loops,
                address,
                limits,
                (channel, backlog) -> http1(
                        channel.pipeline(), new Served(handler, Doorway.open(), limits), Optional.empty(), backlog));
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
        return secure(loops, address, certificates, limits, Doorway.open(), handler);
    }

    /// The same for a handler that says when it has entered.
    public static HttpServer secure(
            EventLoops loops,
            InetSocketAddress address,
            Certificates certificates,
            ServerLimits limits,
            Doorway doorway,
            HttpHandler handler)
            throws IOException {
        var served = new Served(handler, doorway, limits);
        return new HttpServer(
                loops, address, limits, (channel, backlog) -> secure(channel, certificates, served, backlog));
    }

    /// What all connections have in common.
    private record Served(HttpHandler handler, Doorway doorway, ServerLimits limits) {}

    private HttpServer(
            EventLoops loops, InetSocketAddress address, ServerLimits limits, BiConsumer<Channel, Backlog> accept)
            throws IOException {
        clients = new Clients(limits);
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
                        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
                            channel.close();
                            return;
                        }
                        var backlog = clients.admit(remote.getAddress());
                        if (backlog.isEmpty()) {
                            // At once and without a word, which costs the least.
                            channel.config().setOption(ChannelOption.SO_LINGER, 0);
                            channel.close();
                            return;
                        }
                        channel.closeFuture().addListener(done -> clients.gone(remote.getAddress()));
                        connections.add(channel);
                        accept.accept(channel, backlog.get());
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

    private static void http1(ChannelPipeline pipeline, Served served, Optional<SSLSession> session, Backlog backlog) {
        var arrivals = new Arrivals(backlog);
        var connection = new RequestHandler.Connection(
                session, served.limits.times(), backlog, arrivals, Optional.empty(), served.doorway.line());
        pipeline.addLast(arrivals)
                .addLast(ReceivedHeaders.codec())
                .addLast(Upgrade.REQUESTS, new RequestHandler(served.handler, connection));
    }

    private static void secure(Channel channel, Certificates certificates, Served served, Backlog backlog) {
        var ssl = new SniHandler(
                (AsyncMapping<String, SslContext>)
                        (name, promise) -> chosen(channel, certificates, shown(name), promise),
                CLIENT_HELLO,
                served.limits.times().handshake().toMillis());
        channel.pipeline().addLast(ssl, new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
            @Override
            protected void configurePipeline(ChannelHandlerContext context, String protocol) {
                var session = context.pipeline().get(SslHandler.class).engine().getSession();
                // Many streams write at once: pending writes are encrypted and sent together.
                context.pipeline().addLast(new FlushConsolidationHandler(FLUSHES, true));
                if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                    http2(context.channel(), served, session, backlog);
                } else {
                    http1(context.pipeline(), served, Optional.of(session), backlog);
                }
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
            }
        });
    }

    private static Future<SslContext> chosen(
            Channel channel, Certificates certificates, String serverName, Promise<SslContext> promise) {
        Thread.ofVirtual().name("certificate").start(() -> {
            try {
                var context = certificates.context(serverName);
                // Of a connection that has ended meanwhile the library would complain.
                channel.eventLoop().execute(() -> {
                    if (channel.isActive()) promise.trySuccess(context);
                });
            } catch (RuntimeException e) {
                promise.tryFailure(e);
            }
        });
        return promise;
    }

    private static String shown(@Nullable String serverName) {
        return serverName == null ? "" : serverName;
    }

    private static void http2(Channel channel, Served served, SSLSession session, Backlog backlog) {
        var codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(ServerLimits.STREAMS)
                        .initialWindowSize(Inbound.HIGH)
                        .maxHeaderListSize(ReceivedHeaders.MAX_HEADERS))
                // Clients end a watch by resetting its stream, so some resets are not an attack.
                .decoderEnforceMaxRstFramesPerWindow(ServerLimits.RESETS, (int) ServerLimits.WINDOW.toSeconds())
                .build();
        var all = new StreamConnection(codec, served.limits.times());
        var arrivals = new Arrivals(backlog);
        var line = served.doorway.line();
        var streams = new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                all.used();
                var parent = channel.pipeline().context(all);
                stream.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, OF_STREAM);
                stream.closeFuture().addListener(done -> all.streamEnded(parent));
                var connection = new RequestHandler.Connection(
                        Optional.of(session),
                        served.limits.times(),
                        backlog,
                        arrivals,
                        Optional.of(new RequestHandler.Streams(all, parent)),
                        line);
                stream.pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(true))
                        .addLast(Upgrade.REQUESTS, new RequestHandler(served.handler, connection));
            }
        });
        channel.pipeline().addLast(arrivals, codec, streams, all);
    }

    /// How many there are now.
    public int connections() {
        return clients.connections();
    }

    /// Bytes that wait for somebody slow: of requests that nobody has read, of answers that nobody has taken.
    public long waiting() {
        return clients.waiting();
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
