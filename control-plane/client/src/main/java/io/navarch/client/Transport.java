package io.navarch.client;

import java.io.IOException;
import java.io.InputStream;

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
    Response send(String method, String uri, String contentType, byte[] body) throws IOException;
}
