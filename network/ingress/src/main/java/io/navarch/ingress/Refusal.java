package io.navarch.ingress;

import io.navarch.http.Exchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// How a request is turned away: nothing is said of what stands behind, and what came with the request, or after one
/// that could not be read, is not looked at.
final class Refusal {
    private Refusal() {}

    static void send(Exchange exchange, int status, String text) throws IOException {
        if (status == 400 || PassedHeaders.body(exchange.headers())) exchange.lastOfConnection();
        exchange.respond(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
}
