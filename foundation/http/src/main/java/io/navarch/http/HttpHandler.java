package io.navarch.http;

/// Handles a request, on a virtual thread of its own.
public interface HttpHandler {
    /// If this throws, or returns without having started a response, the client gets a 500.
    void handle(Exchange exchange) throws Exception;
}
