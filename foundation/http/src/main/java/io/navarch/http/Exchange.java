package io.navarch.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// A request and its response. Methods block the calling virtual thread while they wait for the peer.
public final class Exchange {
    /// How long a whole body may take; streams have no such limit.
    private static final Duration BODY = Duration.ofSeconds(60);

    private final Channel channel;
    private final HttpRequest request;
    private final Inbound inbound;
    private final Gate gate;
    private final Backlog backlog;
    private final Runnable entered;
    private static final int PARAMETERS = 1024;

    /// An answer that is longer is sent in parts, as fast as the client takes them.
    private static final int PART = 64 << 10;

    private final Optional<SSLSession> session;
    private final QueryStringDecoder query;
    private final List<Runnable> onClose = new ArrayList<>();
    private boolean started;
    private int status;
    private boolean finished;
    private boolean gone;
    private boolean last;

    /// Tells when the client has taken the last of the answer.
    private volatile @Nullable ChannelFuture taken;

    Exchange(
            Channel channel,
            HttpRequest request,
            Inbound inbound,
            Gate gate,
            Backlog backlog,
            Optional<SSLSession> session,
            Runnable entered) {
        this.entered = entered;
        this.channel = channel;
        this.request = request;
        this.inbound = inbound;
        this.gate = gate;
        this.backlog = backlog;
        this.session = session;
        var readable = Escapes.withoutUnreadable(request.uri());
        this.query = new QueryStringDecoder(readable, StandardCharsets.UTF_8, true, PARAMETERS, true);
    }

    /// It is known what is to become of the request: the next ones may be looked at, see [Doorway].
    public void entered() {
        entered.run();
    }

    public String method() {
        return request.method().name();
    }

    /// The path with percent-encoding undone, without the query.
    public String path() {
        return query.path();
    }

    /// Path and query as they were sent.
    public String uri() {
        return request.uri();
    }

    public String rawQuery() {
        int query = request.uri().indexOf('?');
        return query < 0 ? "" : request.uri().substring(query + 1);
    }

    public Map<String, List<String>> query() {
        return query.parameters();
    }

    /// The first value of a query parameter, or `""`.
    public String query(String name) {
        var values = query.parameters().get(name);
        return values == null ? "" : values.getFirst();
    }

    /// The first value of a request header, or `""`.
    public String header(String name) {
        var value = request.headers().get(name);
        return value == null ? "" : value;
    }

    public List<Map.Entry<String, String>> headers() {
        return request.headers().entries();
    }

    public boolean secure() {
        return session.isPresent();
    }

    /// The name that the client asked for in the TLS handshake, or `""`.
    public String serverName() {
        return session.map(Exchange::requested).orElse("");
    }

    private static String requested(SSLSession session) {
        if (!(session instanceof ExtendedSSLSession extended)) return "";
        return extended.getRequestedServerNames().stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName())
                .findFirst()
                .orElse("");
    }

    public InetSocketAddress remote() {
        var address = channel.parent() != null && channel.parent().remoteAddress() instanceof InetSocketAddress parent
                ? parent
                : channel.remoteAddress();
        return address instanceof InetSocketAddress inet ? inet : new InetSocketAddress(0);
    }

    /// The client's certificate; verified, unless the listener takes any.
    public Optional<X509Certificate> clientCertificate() {
        return clientCertificates().stream().findFirst();
    }

    /// The client's certificate, and what it has sent to make it believed.
    public List<X509Certificate> clientCertificates() {
        return session.map(Exchange::peers).orElse(List.of());
    }

    private static List<X509Certificate> peers(SSLSession session) {
        try {
            return Stream.of(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    public InputStream body() {
        return inbound;
    }

    /// Whether the whole body has arrived.
    public boolean arrived() {
        return inbound.complete();
    }

    /// Gives up a client that neither sends the next part of its request nor takes the next part of the answer for so
    /// long.
    public void patience(Duration time) {
        inbound.patience(time);
        gate.patience(time);
    }

    /// Nothing more is read from this connection after the answer: what follows may be a part of this request.
    public void lastOfConnection() {
        last = true;
    }

    /// Whether the request came on one of several streams of a connection.
    public boolean streamed() {
        return channel instanceof Http2StreamChannel;
    }

    boolean last() {
        return last;
    }

    /// The whole body.
    ///
    /// @throws BodyTooLargeException when it is longer than `limit` bytes
    /// @throws BodyTooSlowException when it takes longer than a minute
    public byte[] body(int limit) throws IOException {
        return body(limit, BODY);
    }

    /// The whole body, if it arrives in time.
    public byte[] body(int limit, Duration within) throws IOException {
        inbound.within(within);
        var bytes = inbound.readNBytes(limit + 1);
        if (bytes.length > limit) throw new BodyTooLargeException(limit);
        return bytes;
    }

    /// Runs the action when the peer disconnects, or now if it already has.
    public void onClose(Runnable action) {
        synchronized (onClose) {
            if (!gone) {
                onClose.add(action);
                return;
            }
        }
        action.run();
    }

    void closed() {
        List<Runnable> actions;
        synchronized (onClose) {
            gone = true;
            actions = List.copyOf(onClose);
            onClose.clear();
        }
        inbound.fail(new IOException("the connection was closed by the peer"));
        gate.open();
        for (var action : actions) Thread.ofVirtual().start(action);
    }

    public boolean started() {
        return started;
    }

    /// The status of the answer; 0 as long as there is none.
    public int status() {
        return status;
    }

    boolean finished() {
        return finished;
    }

    public void respond(int status, Map<String, String> headers, byte[] body) throws IOException {
        respond(status, headers, Unpooled.wrappedBuffer(body));
    }

    public void respond(int status, String contentType, byte[] body) throws IOException {
        respond(status, Map.of(HeaderNames.CONTENT_TYPE, contentType), body);
    }

    private void respond(int status, Map<String, String> headers, ByteBuf body) throws IOException {
        if (started) throw new IOException("the response has been started");
        started = true;
        this.status = status;
        var content = method().equals("HEAD") ? Unpooled.EMPTY_BUFFER : body;
        int length = content.readableBytes();
        boolean whole = length <= PART;
        var code = HttpResponseStatus.valueOf(status);
        var response = whole
                ? new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, code, content)
                : new DefaultHttpResponse(HttpVersion.HTTP_1_1, code);
        headers.forEach((name, value) -> response.headers().add(name, value));
        if (status != 204 && status != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        finish(response.headers());
        // Earlier answers on this connection may wait to be taken.
        gate.await(channel);
        if (whole) {
            taken = channel.writeAndFlush(response, gate.taken(channel, length));
        } else {
            channel.write(response);
            for (int at = 0; at < length; at += PART) {
                gate.await(channel);
                int part = Math.min(PART, length - at);
                var bytes = new DefaultHttpContent(content.retainedSlice(at, part));
                channel.writeAndFlush(bytes, gate.taken(channel, part));
            }
            taken = channel.writeAndFlush(new DefaultLastHttpContent());
        }
        finished = true;
    }

    /// Tells when the client has taken the last of the answer; empty when there is none yet.
    Optional<ChannelFuture> taken() {
        return Optional.ofNullable(taken);
    }

    private void finish(HttpHeaders headers) {
        // One of several streams ends without the others.
        if (!streamed() && (inbound.neverWanted() || tooMuchLeft())) last = true;
        if (last || !HttpUtil.isKeepAlive(request)) headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }

    /// Whether the rest of the body is not worth being read only to keep the connection.
    private boolean tooMuchLeft() {
        if (inbound.complete()) return false;
        try {
            return HttpUtil.getContentLength(request, 0L) > Inbound.HIGH;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    /// Starts a response of unknown length; closing the stream ends it.
    public OutputStream start(int status, Map<String, String> headers) throws IOException {
        return start(status, headers.entrySet());
    }

    /// The same with headers of which several may have one name.
    public OutputStream start(int status, Collection<Map.Entry<String, String>> headers) throws IOException {
        if (started) throw new IOException("the response has been started");
        started = true;
        this.status = status;
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        for (var header : headers) response.headers().add(header.getKey(), header.getValue());
        if (!response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        finish(response.headers());
        channel.writeAndFlush(response);
        return new Outbound(channel, gate, DefaultHttpContent::new, () -> {
            taken = channel.writeAndFlush(new DefaultLastHttpContent());
            finished = true;
        });
    }

    /// Writes bytes to a stream of [#start] without copying them; they must not change afterwards.
    public static void writeShared(OutputStream stream, byte[]... parts) throws IOException {
        ((Outbound) stream).writeShared(parts);
    }

    /// Whether a stream of [#start] takes more without waiting for the peer.
    public static boolean ready(OutputStream stream) {
        return ((Outbound) stream).ready();
    }

    /// Waits until what was written to a stream of [#start] has been given to the machine, or cannot be because the
    /// peer takes nothing.
    public static void settle(OutputStream stream) throws IOException {
        ((Outbound) stream).settle();
    }

    /// Breaks the connection (or the HTTP/2 stream) off, so that the client sees an incomplete response.
    public void abort() {
        channel.close();
    }

    public boolean wantsUpgrade() {
        return request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && request.headers().contains(HttpHeaderNames.UPGRADE);
    }

    /// Answers 101 and hands over the connection.
    public Upgrade upgrade() {
        started = true;
        status = 101;
        finished = true;
        return new Upgrade(channel, request, gate, backlog);
    }
}
