package io.navarch.apiserver.audit;

import java.util.Optional;
import java.util.stream.Stream;

/// Whether calls wait until their events are kept.
public enum AuditMode {
    /// They do not: events wait in a buffer.
    BATCH("batch"),
    BLOCKING("blocking"),
    /// They do, and one whose first event is lost is refused.
    BLOCKING_STRICT("blocking-strict");

    private final String text;

    AuditMode(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public static Optional<AuditMode> of(String text) {
        return Stream.of(values()).filter(mode -> mode.text.equals(text)).findFirst();
    }
}
