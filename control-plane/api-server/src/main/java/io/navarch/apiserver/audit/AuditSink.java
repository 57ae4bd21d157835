package io.navarch.apiserver.audit;

import java.io.IOException;

/// Keeps events.
public interface AuditSink extends AutoCloseable {
    /// @param line an event as JSON, with its end of line
    void write(byte[] line) throws IOException;

    @Override
    void close() throws IOException;
}
