package io.navarch.apiserver.audit;

import java.io.IOException;
import java.util.List;

/// Where events go to.
public interface AuditTarget extends AutoCloseable {
    /// The form that it takes events in.
    byte[] form(AuditEntry entry);

    /// Whether somebody else is waited for, so that several deliveries go on at a time, and none ends because the
    /// caller goes away.
    boolean remote();

    /// Keeps events, or has them counted as lost.
    ///
    /// @return false when any of them is lost
    boolean deliver(List<byte[]> events) throws InterruptedException;

    @Override
    void close() throws IOException;
}
