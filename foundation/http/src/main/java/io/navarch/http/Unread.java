package io.navarch.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Requests that nobody handles, because they cannot be read or there is no room; answered in a line of text as Go
/// does.
final class Unread {
    /// What a request takes besides its head, a watch with all that follows it included.
    private static final int REQUEST = 8 << 10;

    private Unread() {}

    /// About how much memory a request takes while it is handled.
    static int size(HttpRequest request) {
        int size = REQUEST + request.uri().length();
        var headers = request.headers().iteratorCharSequence();
        while (headers.hasNext()) {
            var header = headers.next();
            size += header.getKey().length() + header.getValue().length();
        }
        return size;
    }

    /// The answer to a request that is not handled.
    static Optional<FullHttpResponse> refusal(HttpRequest request, Backlog backlog) {
        var failure = request.decoderResult();
        if (failure.isFailure()) {
            boolean tooLong = failure.cause() instanceof TooLongHttpHeaderException
                    || failure.cause() instanceof TooLongHttpLineException;
            return Optional.of(answer(
                    tooLong ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE : HttpResponseStatus.BAD_REQUEST));
        }
        if (!ReceivedHeaders.clear(request) || !Escapes.readable(request.uri()))
            return Optional.of(answer(HttpResponseStatus.BAD_REQUEST));
        if (!backlog.full()) return Optional.empty();
        var busy = answer(HttpResponseStatus.TOO_MANY_REQUESTS, "Too many requests, please try again later.\n");
        busy.headers().set(HttpHeaderNames.RETRY_AFTER, 1);
        return Optional.of(busy);
    }

    private static FullHttpResponse answer(HttpResponseStatus status) {
        return answer(status, status.code() + " " + status.reasonPhrase());
    }

    private static FullHttpResponse answer(HttpResponseStatus status, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(bytes));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return response;
    }
}
