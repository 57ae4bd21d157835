package io.navarch.client;

import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Carries a request to an API server.
public interface Transport {
    /// A response; closing it ends the call, also one that streams.
    record Response(int status, InputStream body, Runnable onClose) implements AutoCloseable {
        @Override
        public void close() {
            onClose.run();
        }
    }

    /// @param contentType of the body; `null` without one
    Response send(String method, String uri, @Nullable String contentType, byte @Nullable [] body) throws IOException;

    /// The events of a watch.
    ///
    /// @throws ApiException when the server refuses it
    default Events watch(String uri) throws IOException {
        var response = send("GET", uri, null, null);
        if (response.status() < 400) return new LineEvents(response.body(), response::close);
        throw refusal(response);
    }

    /// The error that an answer carries; ends the call.
    static ApiException refusal(Response response) throws IOException {
        try (response) {
            var bytes = response.body().readAllBytes();
            try {
                return ApiException.of(response.status(), View.of(Json.parse(bytes)));
            } catch (Json.MalformedException e) {
                // No `Status`: the code alone says what is wrong.
                var message = "HTTP " + response.status() + ": " + new String(bytes, StandardCharsets.UTF_8).strip();
                return ApiException.of(response.status(), View.of(Map.of("message", message)));
            }
        }
    }
}
