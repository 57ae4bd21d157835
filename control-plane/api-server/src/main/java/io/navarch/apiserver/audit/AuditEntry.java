package io.navarch.apiserver.audit;

/// One event, in the forms that it is kept in. It reads the call that it is of, so it is of use only while it is
/// handed over; the bytes are of use for ever.
public interface AuditEntry {
    /// How each of them begins as JSON.
    String HEAD = "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",";

    /// A line of JSON.
    byte[] json();

    /// A line of text that tells less.
    byte[] legacy();

    /// Whether its level lets it tell what was sent or answered.
    boolean tellsObjects();

    /// The same without what was sent and answered, and marked so.
    AuditEntry truncated();
}
