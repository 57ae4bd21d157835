package io.navarch.encryption;

/// A stored value cannot be read: its key is not configured, the key service does not answer, or it was changed.
public final class UnreadableValueException extends RuntimeException {
    public UnreadableValueException(String message) {
        super(message);
    }

    public UnreadableValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
