package io.navarch.http;

import java.time.Duration;

/// What clients may take of a server before they have asked for anything.
///
/// Source:
/// https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/server/secure_serving.go
///
/// @param connections how many there may be; further ones are closed at once
/// @param handshake for TLS
/// @param head from the start of a connection to the end of its first request's headers, however slowly bytes come
/// @param idle the same after an answer
public record ServerLimits(int connections, Duration handshake, Duration head, Duration idle) {
    public static final ServerLimits USUAL =
            new ServerLimits(Integer.MAX_VALUE, Duration.ofSeconds(10), Duration.ofSeconds(32), Duration.ofSeconds(90));

    public ServerLimits withConnections(int most) {
        return new ServerLimits(most, handshake, head, idle);
    }
}
