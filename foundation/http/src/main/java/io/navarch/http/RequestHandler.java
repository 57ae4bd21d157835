package io.navarch.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
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

    private final HttpHandler handler;
    private final Optional<SSLSession> session;
    private final Optional<ServerLimits> limits;
    private final Outbound.Gate gate = new Outbound.Gate();
    private final ArrayDeque<Object> pipelined = new ArrayDeque<>();
    /// The exchange that is still unanswered. Like [#body], touched by the event loop only.
    private @Nullable Exchange current;

    /// Whether a request could not be read: nothing that comes after it is.
    private boolean refused;

    /// Where the content of the last request goes.
    private @Nullable Inbound body;

    /// What closes the connection unless a request comes.
    private @Nullable Future<?> patience;

    /// @param limits of the connection, when it is this handler's alone
    RequestHandler(HttpHandler handler, Optional<SSLSession> session, Optional<ServerLimits> limits) {
        this.handler = handler;
        this.session = session;
        this.limits = limits;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        limits.ifPresent(each -> await(context, each.head()));
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
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void start(ChannelHandlerContext context, HttpRequest request) {
        came();
        boolean readable = request.decoderResult().isSuccess()
                && ReceivedHeaders.clear(request)
                && Escapes.readable(request.uri());
        if (!readable) {
            // What follows on this connection may be a part of this request or another one.
            body = null;
            refused = true;
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_REQUEST);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, 0)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(response).addListener(done -> context.close());
            return;
        }
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        var receiving = new Inbound(context.channel());
        var exchange = new Exchange(context.channel(), request, receiving, gate, session);
        body = receiving;
        current = exchange;
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        Thread.ofVirtual().name("http").start(() -> {
            try {
                handler.handle(exchange);
                if (!exchange.started())
                    exchange.respond(500, "text/plain", "no response".getBytes(StandardCharsets.US_ASCII));
            } catch (Throwable e) {
                failed(exchange, e);
            }
            if (context.channel().isActive() && context.pipeline().context(this) != null) {
                context.executor().execute(() -> next(context, exchange, keepAlive));
            }
        });
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

    private void next(ChannelHandlerContext context, Exchange done, boolean keepAlive) {
        if (current != done) return;
        if (!done.finished()) {
            context.close();
            return;
        }
        // A body that the handler left unread would be taken for the next request's.
        if (!keepAlive || done.last()) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(end -> context.close());
            return;
        }
        current = null;
        while (!pipelined.isEmpty()) {
            if (current != null && pipelined.peek() instanceof HttpRequest) break;
            process(context, pipelined.poll());
        }
        if (current == null) limits.ifPresent(each -> await(context, each.idle()));
        if (pipelined.isEmpty()) context.channel().config().setAutoRead(true);
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
