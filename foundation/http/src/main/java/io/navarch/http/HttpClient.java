package io.navarch.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// An HTTP/1.1 client with keep-alive, streamed bodies in both directions and upgrades to raw bytes. The API server
/// calls nodes with it, the ingress calls pods, and every role calls the API server.
public final class HttpClient {
    /// Where to connect.
    ///
    /// @param tls for HTTPS
    /// @param name that the certificate is verified against
    /// @param outside whether its name may not stand for an address that this machine has for itself alone
    public record Target(String host, int port, Optional<SslContext> tls, String name, boolean outside) {
        public static Target plain(String host, int port) {
            return new Target(host, port, Optional.empty(), host, false);
        }

        public static Target secure(String host, int port, SslContext tls) {
            return secure(host, port, tls, host);
        }

        /// A server that is known by another name than its address.
        public static Target secure(String host, int port, SslContext tls, String name) {
            return new Target(host, port, Optional.of(tls), name, false);
        }

        /// The same server, which somebody else has named: nobody is led to this machine by a name that says so.
        public Target elsewhere() {
            return new Target(host, port, tls, name, true);
        }
    }

    public sealed interface Body {
        record None() implements Body {}

        record Whole(byte[] bytes) implements Body {}

        /// Sent as it is read, once: a request with such a body is never sent again.
        record Streamed(InputStream stream) implements Body {}
    }

    public record Request(String method, String uri, List<Map.Entry<String, String>> headers, Body body) {
        public static Request of(String method, String uri, List<Map.Entry<String, String>> headers) {
            return new Request(method, uri, headers, new Body.None());
        }

        public static Request of(String method, String uri, List<Map.Entry<String, String>> headers, byte[] body) {
            return new Request(method, uri, headers, new Body.Whole(body));
        }

        public static Request streamed(
                String method, String uri, List<Map.Entry<String, String>> headers, InputStream body) {
            return new Request(method, uri, headers, new Body.Streamed(body));
        }
    }

    /// A response; its body must be read to the end or closed.
    public static final class Response implements AutoCloseable {
        private final Link link;
        private final HttpResponse head;
        private final Inbound body;
        /// Once it is closed, the connection may be another call's.
        private final AtomicBoolean closed = new AtomicBoolean();

        Response(Link link, HttpResponse head) {
            this.link = link;
            this.head = head;
            body = link.body;
        }

        public int status() {
            return head.status().code();
        }

        public String header(String name) {
            var value = head.headers().get(name);
            return value == null ? "" : value;
        }

        public List<Map.Entry<String, String>> headers() {
            return head.headers().entries();
        }

        public InputStream body() {
            return body;
        }

        /// Sets when the rest of the body must be there; reading it fails then.
        public void within(Duration time) {
            body.within(time);
        }

        /// The connection as plain bytes, after a 101.
        public Upgrade.Raw upgraded() {
            return new Upgrade.Raw(
                    body, new Outbound(link.channel, link.gate, buffer -> buffer, () -> {}), this::close);
        }

        /// The connection as SPDY/3.1, after a 101.
        public SpdyConnection spdy() {
            var connection = new SpdyConnection(link.channel, link.gate);
            var installed = new CompletableFuture<SpdyConnection>();
            link.channel.eventLoop().execute(() -> {
                link.channel.pipeline().remove("raw");
                connection.install();
                installed.complete(connection);
            });
            return installed.join();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) link.release();
        }
    }

    /// What may be done twice.
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /// Servers close idle connections after a while; whoever closes them first is not surprised by that.
    private static final long IDLE_NANOS = Duration.ofSeconds(60).toNanos();

    private final EventLoops loops;
    private final Duration connectTimeout;
    private final Map<Target, ConcurrentLinkedDeque<Link>> idle = new ConcurrentHashMap<>();

    public HttpClient(EventLoops loops, Duration connectTimeout) {
        this.loops = loops;
        this.connectTimeout = connectTimeout;
    }

    /// Sends the request and waits for the head of the response.
    ///
    /// @param timeout for the head; [Duration#ZERO] waits forever
    public Response send(Target target, Request request, Duration timeout) throws IOException {
        while (true) {
            var pooled = pooled(target);
            var link = pooled.isPresent() ? pooled.get() : connect(target, timeout);
            try {
                return link.exchange(request, timeout);
            } catch (IOException e) {
                link.channel.close();
                // The peer may have closed an idle connection just as it was taken: try a fresh one, unless the peer
                // may have done already what must not be done twice.
                boolean once = pooled.isEmpty() || !repeatable(request);
                if (once || e.getCause() instanceof TimeoutException) throw e;
            }
        }
    }

    private static boolean repeatable(Request request) {
        return REPEATABLE.contains(request.method) && !(request.body instanceof Body.Streamed);
    }

    private Optional<Link> pooled(Target target) {
        var deque = idle.get(target);
        if (deque == null) return Optional.empty();
        while (true) {
            var link = deque.pollLast();
            if (link == null) return Optional.empty();
            if (link.fresh()) return Optional.of(link);
            link.channel.close();
        }
    }

    /// Closes what has not been used for long, also to peers that nobody calls any more.
    private void forgetOld() {
        for (var target : idle.keySet()) {
            idle.computeIfPresent(target, (each, deque) -> {
                deque.removeIf(link -> {
                    if (link.fresh()) return false;
                    link.channel.close();
                    return true;
                });
                return deque.isEmpty() ? null : deque;
            });
        }
    }

    /// @param timeout of the whole call: no connection takes longer
    private Link connect(Target target, Duration timeout) throws IOException {
        forgetOld();
        boolean sooner = !timeout.isZero() && timeout.compareTo(connectTimeout) < 0;
        int millis = (int) (sooner ? timeout : connectTimeout).toMillis();
        var made = new CompletableFuture<Link>();
        var bootstrap = new Bootstrap()
                .group(loops.group())
                .channel(loops.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        var link = new Link(target, channel);
                        target.tls.ifPresent(tls ->
                                channel.pipeline().addLast(tls.newHandler(channel.alloc(), target.name, target.port)));
                        channel.pipeline()
                                .addLast(new HttpClientCodec(4096, 256 << 10, 64 << 10))
                                .addLast(link);
                        made.complete(link);
                    }
                });
        // What the name stands for is looked at, and called, as it is now.
        var address = new InetSocketAddress(target.host, target.port);
        if (target.outside && !address.isUnresolved() && !reachable(address.getAddress()))
            throw new ConnectFailedException(target.host, target.port, new IOException("address not allowed"));
        var connected = bootstrap.connect(address);
        try {
            connected.await();
        } catch (InterruptedException e) {
            connected.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (!connected.isSuccess()) throw new ConnectFailedException(target.host, target.port, connected.cause());
        return made.join();
    }

    /// Whether anything in a network may have such an address.
    private static boolean reachable(InetAddress address) {
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress();
    }

    /// Closes all idle connections.
    public void close() {
        idle.values().forEach(deque -> deque.forEach(link -> link.channel.close()));
        idle.clear();
    }

    private final class Link extends ChannelInboundHandlerAdapter {
        private final Target target;
        private final Gate gate = new Gate();
        private final Channel channel;
        private volatile CompletableFuture<HttpResponse> head = new CompletableFuture<>();
        private volatile Inbound body;
        private volatile boolean complete;
        private volatile boolean reusable;
        /// Whether the request said that the connection is for it alone, whatever the server thinks.
        private volatile boolean single;
        private volatile boolean released;
        /// A response may come before its request has been sent: then nothing else may be sent after it.
        private volatile boolean sending;
        private volatile long idleSince;

        Link(Target target, Channel channel) {
            this.target = target;
            this.channel = channel;
            body = new Inbound(channel, Backlog.unbounded());
        }

        boolean fresh() {
            return channel.isActive() && System.nanoTime() - idleSince < IDLE_NANOS;
        }

        Response exchange(Request request, Duration timeout) throws IOException {
            head = new CompletableFuture<>();
            body = new Inbound(channel, Backlog.unbounded());
            complete = false;
            released = false;
            sending = false;
            write(request);
            try {
                var response = timeout.isZero() ? head.get() : head.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                return new Response(this, response);
            } catch (ExecutionException e) {
                var cause = Objects.requireNonNullElse(e.getCause(), e);
                throw new IOException(cause.getMessage(), cause);
            } catch (TimeoutException e) {
                throw new IOException("no response within " + timeout.toMillis() + " ms", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        private void write(Request request) {
            switch (request.body) {
                case Body.None none -> channel.writeAndFlush(whole(request, Unpooled.EMPTY_BUFFER));
                case Body.Whole whole -> {
                    var message = whole(request, Unpooled.wrappedBuffer(whole.bytes));
                    message.headers().set(HttpHeaderNames.CONTENT_LENGTH, whole.bytes.length);
                    channel.writeAndFlush(message);
                }
                case Body.Streamed streamed -> stream(request, streamed.stream);
            }
        }

        private HttpRequest whole(Request request, ByteBuf content) {
            var message = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.method), request.uri, content);
            headers(request, message);
            return message;
        }

        private void stream(Request request, InputStream body) {
            var message = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(request.method), request.uri);
            headers(request, message);
            if (!message.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
                HttpUtil.setTransferEncodingChunked(message, true);
            }
            sending = true;
            channel.writeAndFlush(message);
            // The response may come before the request's body ends, so the body has a thread of its own.
            Thread.ofVirtual().name("request-body").start(() -> {
                var out = new Outbound(
                        channel,
                        gate,
                        DefaultHttpContent::new,
                        () -> channel.writeAndFlush(new DefaultLastHttpContent()));
                try {
                    body.transferTo(out);
                    // Only a whole body has an end: one that broke off must not look like a shorter one.
                    out.close();
                    sending = false;
                } catch (IOException e) {
                    channel.close();
                }
            });
        }

        private void headers(Request request, HttpRequest message) {
            for (var header : request.headers) message.headers().add(header.getKey(), header.getValue());
            single = !HttpUtil.isKeepAlive(message);
            if (!message.headers().contains(HttpHeaderNames.HOST)) {
                message.headers().set(HttpHeaderNames.HOST, target.host + ":" + target.port);
            }
        }

        synchronized void release() {
            if (released) return;
            released = true;
            if (complete && reusable && !single && !sending && channel.isActive()) {
                channel.config().setAutoRead(true);
                idleSince = System.nanoTime();
                idle.compute(target, (each, known) -> {
                    var deque = known == null ? new ConcurrentLinkedDeque<Link>() : known;
                    deque.addLast(this);
                    return deque;
                });
            } else {
                channel.close();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof HttpObject received
                        && received.decoderResult().isFailure()) {
                    var cause = new IOException("malformed response from " + target.host);
                    head.completeExceptionally(cause);
                    body.fail(cause);
                    context.close();
                    return;
                }
                if (message instanceof HttpResponse response && !interim(response)) {
                    reusable = HttpUtil.isKeepAlive(response);
                    if (response.status().code() == 101) {
                        reusable = false;
                        context.pipeline().addLast("raw", new Upgrade.RawBytes(body, gate));
                        context.pipeline().remove(this);
                        context.pipeline().remove(HttpClientCodec.class);
                    }
                    head.complete(response);
                }
                if (message instanceof HttpContent content && !head.isCompletedExceptionally()) {
                    body.offer(content.content());
                    if (message instanceof LastHttpContent && reusableHead()) {
                        complete = true;
                        body.end();
                    }
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        /// Whether the real answer is still to come.
        private static boolean interim(HttpResponse response) {
            int code = response.status().code();
            return code < 200 && code != 101;
        }

        private boolean reusableHead() {
            return head.isDone() && head.join().status().code() != 101;
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            gate.open();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            var cause = new IOException("unexpected EOF: the connection was closed by " + target.host);
            head.completeExceptionally(cause);
            if (!complete) body.fail(cause);
            gate.open();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            head.completeExceptionally(cause);
            context.close();
        }
    }
}
