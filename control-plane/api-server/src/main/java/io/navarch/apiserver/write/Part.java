package io.navarch.apiserver.write;

import io.navarch.apiserver.request.ResourceRequest;

/// Which part of an object a write may change.
public enum Part {
    /// Everything but the status.
    MAIN,
    STATUS,
    /// What the kind says about the subresource that was called.
    SUBRESOURCE,
    /// Whatever the server itself has built: bindings, finalization.
    WHOLE;

    public static final String STATUS_SUBRESOURCE = "status";

    static Part of(ResourceRequest request) {
        return switch (request.info().subresource()) {
            case "" -> MAIN;
            case STATUS_SUBRESOURCE -> STATUS;
            default -> SUBRESOURCE;
        };
    }
}
