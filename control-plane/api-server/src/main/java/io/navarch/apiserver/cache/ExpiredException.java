package io.navarch.apiserver.cache;

/// The changes after the revision that was asked for are no longer kept; the caller has to list again.
public final class ExpiredException extends RuntimeException {
    ExpiredException(long asked, long oldest) {
        super("too old resource version: " + asked + " (" + oldest + ")");
    }
}
