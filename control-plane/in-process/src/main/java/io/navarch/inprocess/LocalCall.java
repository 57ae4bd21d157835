package io.navarch.inprocess;

import io.navarch.apiserver.request.Call;
import io.navarch.client.Transport.Response;
import io.navarch.http.Exchange;
import io.navarch.http.HeaderNames;
import io.navarch.schema.admission.User;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One call as the API server sees it. `head` completes when the status is known; the body follows through `pipe`.
sealed class LocalCall implements Call permits WatchCall {
    private final User user;
    private final String method;
    private final QueryStringDecoder uri;
    private final @Nullable String contentType;
    private final byte @Nullable [] body;
    final CompletableFuture<Response> head = new CompletableFuture<>();
    final Pipe pipe = new Pipe();
    private volatile Runnable onClose = () -> {};

    LocalCall(User user, String method, QueryStringDecoder uri, @Nullable String contentType, byte @Nullable [] body) {
        this.user = user;
        this.method = method;
        this.uri = uri;
        this.contentType = contentType;
        this.body = body;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return uri.path();
    }

    @Override
    public String uri() {
        return uri.uri();
    }

    @Override
    public Map<String, List<String>> query() {
        return uri.parameters();
    }

    @Override
    public String header(String name) {
        return switch (name) {
            case HeaderNames.CONTENT_TYPE -> contentType == null ? "" : contentType;
            case HeaderNames.USER_AGENT -> "navarch/in-process";
            default -> "";
        };
    }

    /// Nobody acts as somebody else here: whoever calls in process says who he is.
    @Override
    public List<Map.Entry<String, String>> headers() {
        return List.of();
    }

    @Override
    public byte[] body(int limit) {
        return body == null ? new byte[0] : body;
    }

    @Override
    public boolean arrived() {
        return true;
    }

    @Override
    public List<X509Certificate> clientCertificates() {
        return List.of();
    }

    @Override
    public Optional<User> trusted() {
        return Optional.of(user);
    }

    @Override
    public void respond(int status, Map<String, String> headers, byte[] bytes) {
        head.complete(new Response(status, new ByteArrayInputStream(bytes), () -> {}));
    }

    @Override
    public OutputStream start(int status, Collection<Map.Entry<String, String>> headers) {
        head.complete(new Response(status, pipe, () -> {
            pipe.end();
            onClose.run();
        }));
        return pipe.output();
    }

    @Override
    public void writeShared(OutputStream stream, byte[]... parts) throws IOException {
        for (var part : parts) stream.write(part);
    }

    @Override
    public void onClose(Runnable action) {
        onClose = action;
    }

    @Override
    public Optional<Exchange> exchange() {
        return Optional.empty();
    }
}
