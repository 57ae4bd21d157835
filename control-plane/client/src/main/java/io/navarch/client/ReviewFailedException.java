package io.navarch.client;

import java.io.IOException;

/// Nobody has answered a review, or not with one.
public final class ReviewFailedException extends IOException {
    private final boolean timeout;
    private final boolean passing;
    private final boolean asked;
    private final int code;

    /// @param timeout whether there was no answer in time
    /// @param passing whether it may be otherwise a moment later
    public ReviewFailedException(String message, boolean timeout, boolean passing) {
        this(message, timeout, passing, true, 0);
    }

    private ReviewFailedException(String message, boolean timeout, boolean passing, boolean asked, int code) {
        super(message);
        this.timeout = timeout;
        this.passing = passing;
        this.asked = asked;
        this.code = code;
    }

    public static ReviewFailedException useless(String message) {
        return new ReviewFailedException(message, false, false);
    }

    /// Nobody could even be asked, by what is configured.
    public static ReviewFailedException unusable(String message) {
        return new ReviewFailedException(message, false, false, false, 0);
    }

    /// Somebody answered, but with an error.
    static ReviewFailedException answered(String message, int code, boolean timeout, boolean passing) {
        return new ReviewFailedException(message, timeout, passing, true, code);
    }

    /// The code of the error that was answered; 0 when there was none.
    public int code() {
        return code;
    }

    /// Whether somebody was asked.
    public boolean asked() {
        return asked;
    }

    public boolean timeout() {
        return timeout;
    }

    boolean passing() {
        return passing;
    }
}
