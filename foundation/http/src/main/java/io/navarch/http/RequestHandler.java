package io.navarch.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the HTTP messages of a connection (or an HTTP/2 stream) into exchanges, one at a time: pipelined requests
/// wait until the one before them has been answered.
final class RequestHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    /// What a server knows of the connection that requests come on.
    ///
    /// @param session of TLS
    /// @param backlog its client's
    /// @param streams of the connection, when it has several
    /// @param line in which its requests wait until their handlers begin
    record Connection(
            Optional<SSLSession> session,
            ServerLimits.Times times,
            Backlog backlog,
            Arrivals arrivals,
            Optional<Streams> streams,
            Doorway.Line line) {}

    /// @param parent where the connection's own frames are written
    record Streams(StreamConnection all, ChannelHandlerContext parent) {}

    private final HttpHandler handler;
    private final Connection connection;
    private final Gate gate;
    private final ArrayDeque<Object> pipelined = new ArrayDeque<>();
    /// The exchange that is still unanswered. Like [#body], touched by the event loop only.
    private @Nullable Exchange current;

    /// Whether nothing that comes any more is read.
    private boolean refused;

    /// Where the content of the last request goes.
    private @Nullable Inbound body;

    /// What closes the connection unless a request comes.
    private @Nullable Future<?> patience;

    RequestHandler(HttpHandler handler, Connection connection) {
        this.handler = handler;
        this.connection = connection;
        gate = new Gate(connection.backlog, connection.times.answer());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (connection.streams.isEmpty()) await(context, connection.times.head());
    }

    private void await(ChannelHandlerContext context, Duration time) {
        patience = context.executor()
                .schedule(
                        () -> {
                            if (current == null) context.close();
                        },
                        time.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void came() {
        var waiting = patience;
        if (waiting != null) waiting.cancel(false);
        patience = null;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        came();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        connection.arrivals.taken();
        if (message instanceof HttpRequest && current != null || !pipelined.isEmpty()) {
            pipelined.add(message);
            if (pipelined.size() > 64) context.channel().config().setAutoRead(false);
            return;
        }
        process(context, message);
    }

    private void process(ChannelHandlerContext context, Object message) {
        try {
            if (refused) return;
            if (message instanceof HttpRequest request) start(context, request);
            var receiving = body;
            if (message instanceof HttpContent content && receiving != null) {
                if (content.decoderResult().isFailure()) {
                    // Where this body ends nobody knows: it must not be taken for a whole one.
                    receiving.fail(new IOException("the request body is malformed"));
                    context.close();
                    return;
                }
                receiving.offer(content.content());
                if (message instanceof LastHttpContent) receiving.end();
                if (receiving.discarded() > Inbound.HIGH) leave(context);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void start(ChannelHandlerContext context, HttpRequest request) {
        came();
        var refusal = Unread.refusal(request, connection.backlog);
        if (refusal.isPresent()) {
            // What follows on this connection may be a part of this request or another one.
            body = null;
            context.writeAndFlush(refusal.get()).addListener(done -> leave(context));
            return;
        }
        if (connection.streams.isPresent() && !connection.streams.get().all.begin()) {
            connection.streams.get().all.ended();
            connection.streams.get().all.calm(connection.streams.get().parent);
            return;
        }
        var receiving = new Inbound(context.channel(), connection.backlog);
        if (HttpUtil.is100ContinueExpected(request)) {
            receiving.whenWanted(() -> context.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE)));
        }
        var entry = connection.line.entry();
        var exchange = new Exchange(
                context.channel(), request, receiving, gate, connection.backlog, connection.session, entry::passed);
        body = receiving;
        current = exchange;
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        int size = Unread.size(request);
        connection.backlog.add(size);
        entry.enter(
                context.executor(),
                () -> Thread.ofVirtual().name("http").start(() -> {
                    try {
                        handler.handle(exchange);
                        if (!exchange.started())
                            exchange.respond(500, "text/plain", "no response".getBytes(StandardCharsets.US_ASCII));
                    } catch (Throwable e) {
                        failed(exchange, e);
                    } finally {
                        entry.passed();
                        connection.backlog.add(-size);
                        receiving.discard();
                        connection.streams.ifPresent(each -> each.all.ended());
                    }
                    if (goesOn(context))
                        context.executor().execute(() -> next(context, exchange, receiving, keepAlive));
                }));
    }

    /// A stream may have ended with its answer by now; what is to become of the connection is not its affair.
    private boolean goesOn(ChannelHandlerContext context) {
        return connection
                .streams
                .map(each -> each.parent.channel().isActive())
                .orElseGet(
                        () -> context.channel().isActive() && context.pipeline().context(this) != null);
    }

    private void failed(Exchange exchange, Throwable cause) {
        try {
            if (exchange.started()) {
                // Only a broken connection tells the client that the response is incomplete.
                exchange.abort();
                return;
            }
            // What clients break off or send in pieces that make no whole is their affair, and may be said without end.
            if (cause instanceof IOException)
                LOG.debug("{} {}: {}", exchange.method(), exchange.uri(), cause.toString());
            else LOG.warn("{} {}: {}", exchange.method(), exchange.uri(), cause.toString(), cause);
            exchange.respond(500, "text/plain", "internal error".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            exchange.abort();
        }
    }

    private void next(ChannelHandlerContext context, Exchange done, Inbound received, boolean keepAlive) {
        if (current != done) return;
        if (!done.finished()) {
            context.close();
            return;
        }
        if (connection.streams.isPresent()) {
            done.taken().ifPresent(taken -> endStream(context, taken, received, done.last()));
            return;
        }
        // A body that the handler left unread would be taken for the next request's.
        if (!keepAlive || done.last()) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(end -> {
                if (received.complete()) context.close();
                else leave(context);
            });
            return;
        }
        current = null;
        while (!pipelined.isEmpty()) {
            if (current != null && pipelined.peek() instanceof HttpRequest) break;
            process(context, pipelined.poll());
        }
        var times = connection.times;
        if (current == null) await(context, received.complete() ? times.idle() : times.head());
        if (pipelined.isEmpty()) context.channel().config().setAutoRead(true);
    }

    /// Whoever still sends is told that nobody listens, and whoever does not take the answer has had time for it.
    private void endStream(ChannelHandlerContext context, ChannelFuture taken, Inbound received, boolean last) {
        var slow = context.executor()
                .schedule(
                        () -> {
                            context.close();
                        },
                        connection.times.answer().toMillis(),
                        TimeUnit.MILLISECONDS);
        taken.addListener(done -> {
            slow.cancel(false);
            if (!received.complete()) context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
            if (last) connection.streams.ifPresent(each -> each.all.leave(each.parent));
        });
    }

    /// Ends a connection on which more may come.
    private void leave(ChannelHandlerContext context) {
        if (refused) return;
        refused = true;
        if (connection.streams.isPresent()) context.close();
        else Farewell.of(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        gate.open();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        came();
        pipelined.forEach(ReferenceCountUtil::release);
        pipelined.clear();
        var unanswered = current;
        if (unanswered != null) unanswered.closed();
        gate.open();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
