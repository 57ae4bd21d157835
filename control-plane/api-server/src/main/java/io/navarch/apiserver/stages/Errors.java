package io.navarch.apiserver.stages;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.ContentTypes;
import io.navarch.apiserver.request.Drain;
import io.navarch.http.HeaderNames;
import io.navarch.model.StatusDetails;
import io.navarch.objects.ApiException;
import io.navarch.objects.GoText;
import io.navarch.objects.Json;
import io.navarch.schema.protobuf.Protobuf;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers a `Status` to whatever goes wrong behind it.
public final class Errors implements Stage<ApiRequest, ApiRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private final Drain drain;

    public Errors(Drain drain) {
        this.drain = drain;
    }

    @Override
    public void handle(ApiRequest request, Next<ApiRequest> next) throws IOException, InterruptedException {
        try {
            next.proceed(request);
        } catch (ApiException e) {
            answer(request, e);
        } catch (RuntimeException | Error e) {
            // Errors too: what a call needs too much of, stack or memory, is free again here.
            LOG.error(
                    "{} {}",
                    GoText.quoted(request.call().method()),
                    GoText.quoted(request.call().path()),
                    e);
            answer(
                    request,
                    new ApiException(
                            ApiException.Reason.INTERNAL_ERROR,
                            "Internal error occurred: "
                                    + (e instanceof Error ? e.getClass().getSimpleName() : e.getMessage())));
        }
    }

    /// @throws IOException when an answer has begun, which only the end of the connection can spoil now
    void answer(ApiRequest request, ApiException error) throws IOException {
        var response = request.response();
        if (response.begun()) throw new IOException("the answer had begun: " + error.getMessage());
        boolean protobuf = response.form().protobuf();
        var headers = response.headers(protobuf ? Protobuf.MEDIA_TYPE : ContentTypes.JSON);
        if (error.reason() == ApiException.Reason.TOO_MANY_REQUESTS) {
            headers.put(HeaderNames.RETRY_AFTER, drain.begun() ? "5" : "1");
        }
        if (error.details().get(StatusDetails.RETRY_AFTER_SECONDS) instanceof Number seconds)
            headers.put(HeaderNames.RETRY_AFTER, String.valueOf(seconds));
        if (drain.begun()) headers.put(HeaderNames.CONNECTION, "close");
        var status = error.status();
        response.send(error.code(), headers, protobuf ? response.protobuf().encode(status) : Json.write(status));
    }
}
