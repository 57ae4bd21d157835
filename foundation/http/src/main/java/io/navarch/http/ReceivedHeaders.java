package io.navarch.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;

/// The headers of a request as they came. The decoder forgives a length beside chunks by dropping the length; here it
/// is remembered, because whoever stands before or behind this server may have read the request the other way.
final class ReceivedHeaders extends DefaultHttpHeaders {
    /// Port-forward and label selectors make long request lines; Kubernetes accepts headers up to 1 MiB.
    private static final int MAX_LINE = 64 << 10;

    static final int MAX_HEADERS = 256 << 10;

    private static final HttpHeadersFactory FACTORY = new HttpHeadersFactory() {
        @Override
        public HttpHeaders newHeaders() {
            return new ReceivedHeaders();
        }

        @Override
        public HttpHeaders newEmptyHeaders() {
            return new ReceivedHeaders();
        }
    };

    private boolean lengthDropped;

    private ReceivedHeaders() {}

    static HttpServerCodec codec() {
        return new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(64 << 10)
                .setHeadersFactory(FACTORY));
    }

    @Override
    public HttpHeaders remove(CharSequence name) {
        if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)) lengthDropped = true;
        return super.remove(name);
    }

    /// Whether everybody reads the same end of this request's body.
    static boolean clear(HttpRequest request) {
        var encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (encodings.isEmpty()) return true;
        boolean both = request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
                || request.headers() instanceof ReceivedHeaders received && received.lengthDropped;
        return !both
                && encodings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.getFirst())
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }
}
