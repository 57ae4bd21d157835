package io.navarch.apiserver.custom;

import io.navarch.apiserver.custom.ConversionMetrics.Failure;

/// Why an answer of a webhook cannot be used.
final class ConversionFailedException extends Exception {
    private final Failure why;

    ConversionFailedException(Failure why, String message) {
        super(message);
        this.why = why;
    }

    Failure why() {
        return why;
    }
}
