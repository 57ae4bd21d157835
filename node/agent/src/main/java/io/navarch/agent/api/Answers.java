package io.navarch.agent.api;

import io.navarch.http.Exchange;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The forms that answers have.
final class Answers {
    private Answers() {}

    static void text(Exchange exchange, int status, String text) throws IOException {
        exchange.respond(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static void metrics(Exchange exchange, String text) throws IOException {
        exchange.respond(200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static void json(Exchange exchange, Object tree) throws IOException {
        exchange.respond(200, "application/json", Json.write(tree));
    }

    /// An error as `kubectl logs` and the API server pass it on.
    static void failure(Exchange exchange, ApiException.Reason reason, String message) throws IOException {
        var error = new ApiException(reason, message);
        exchange.respond(error.code(), "application/json", Json.write(error.status()));
    }
}
