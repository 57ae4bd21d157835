package io.navarch.http;

import java.io.IOException;
import java.net.ConnectException;

/// No connection could be made, so nothing of the request has been sent. The text is Go's, which clients look for.
public final class ConnectFailedException extends IOException {
    ConnectFailedException(String host, int port, Throwable cause) {
        super("dial tcp " + host + ":" + port + ": connect: " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        return cause instanceof ConnectException ? "connection refused" : String.valueOf(cause.getMessage());
    }
}
