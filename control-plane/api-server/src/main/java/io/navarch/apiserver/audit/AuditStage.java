package io.navarch.apiserver.audit;

import java.util.Optional;
import java.util.stream.Stream;

/// When an event of a call is written.
public enum AuditStage {
    REQUEST_RECEIVED("RequestReceived"),
    RESPONSE_STARTED("ResponseStarted"),
    RESPONSE_COMPLETE("ResponseComplete"),
    PANIC("Panic");

    private final String text;

    AuditStage(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static Optional<AuditStage> of(String text) {
        return Stream.of(values()).filter(stage -> stage.text.equals(text)).findFirst();
    }
}
