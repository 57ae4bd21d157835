package io.navarch.http;

import java.io.IOException;
import java.time.Duration;

/// A request body did not arrive in time.
public final class BodyTooSlowException extends IOException {
    BodyTooSlowException(Duration limit) {
        super("the request body did not come within " + limit.toSeconds() + " seconds");
    }
}
