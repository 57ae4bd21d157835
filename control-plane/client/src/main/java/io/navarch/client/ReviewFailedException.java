package io.navarch.client;

import java.io.IOException;

/// Nobody has answered a review, or not with one.
public final class ReviewFailedException extends IOException {
    private final boolean timeout;
    private final boolean passing;

    /// @param timeout whether there was no answer in time
    /// @param passing whether it may be otherwise a moment later
    public ReviewFailedException(String message, boolean timeout, boolean passing) {
        super(message);
        this.timeout = timeout;
        this.passing = passing;
    }

    public static ReviewFailedException useless(String message) {
        return new ReviewFailedException(message, false, false);
    }

    public boolean timeout() {
        return timeout;
    }

    boolean passing() {
        return passing;
    }
}
