package io.navarch.store;

/// The files of a store cannot be opened; the message names them and says what can be done.
public final class StoreDamagedException extends RuntimeException {
    public StoreDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
