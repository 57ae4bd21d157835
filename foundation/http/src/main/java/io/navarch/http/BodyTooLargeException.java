package io.navarch.http;

import java.io.IOException;

/// A request body is longer than its handler allows.
public final class BodyTooLargeException extends IOException {
    BodyTooLargeException(int limit) {
        super("request body is larger than " + limit + " bytes");
    }
}
