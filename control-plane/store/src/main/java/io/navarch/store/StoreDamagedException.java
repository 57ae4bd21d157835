package io.navarch.store;

/// Files of a store are not as they were written; the message names them. What cannot be read is never taken for
/// something that is not there.
public final class StoreDamagedException extends RuntimeException {
    public StoreDamagedException(String message) {
        super(message);
    }

    public StoreDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
