package io.navarch.apiserver.request;

/// How much is written down of a call.
public enum AuditLevel {
    NONE("None"),
    METADATA("Metadata"),
    REQUEST("Request"),
    REQUEST_RESPONSE("RequestResponse");

    private final String text;

    AuditLevel(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    public boolean atLeast(AuditLevel other) {
        return compareTo(other) >= 0;
    }
}
