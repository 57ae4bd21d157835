package io.navarch.http;

/// Handles one request; called on a virtual thread of its own.
public interface HttpHandler {
    /// When this returns without a response having been started, or throws, the exchange answers 500.
    void handle(Exchange exchange) throws Exception;
}
