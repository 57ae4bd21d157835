package io.navarch.store;

/// Somebody uses a store that has been closed, or waits for it while it is.
public final class StoreClosedException extends IllegalStateException {
    public StoreClosedException() {
        super("the store is closed");
    }
}
