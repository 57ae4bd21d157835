package io.navarch.store;

/// A store that is as it should be, but not for us, or not now: another process uses it, or another version wrote it.
public final class StoreRefusedException extends RuntimeException {
    public StoreRefusedException(String message) {
        super(message);
    }
}
