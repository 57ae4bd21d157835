package io.navarch.http;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// What clients may take of a server.
///
/// Source:
/// https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/server/secure_serving.go
///
/// @param connections how many there may be; further ones are closed at once
/// @param connectionsOfOne how many one address may have
/// @param waiting bytes that nobody has read yet, of clients or of the server; one address may have a part of them
/// @param scarce whether there is little memory for whatever else is in it: then those who are slow are given up sooner
/// @param times what a client may take of them
public record ServerLimits(int connections, int connectionsOfOne, long waiting, BooleanSupplier scarce, Times times) {
    /// Into so many parts is divided what one address may have one of: one that takes all it can leaves three quarters,
    /// and behind an address may be a whole site or all pods of a node.
    static final int SHARES = 4;

    /// Streams of an HTTP/2 connection at a time.
    static final int STREAMS = 100;

    /// How often a client may give up what it has asked for, or say what needs an answer of the protocol alone, in
    /// [#WINDOW]: twenty times all its streams.
    static final int RESETS = 20 * STREAMS;

    static final Duration WINDOW = Duration.ofSeconds(30);

    /// About what a connection takes, with its TLS session.
    private static final long OF_CONNECTION = 32 << 10;

    /// @param handshake for TLS
    /// @param head from the start of a connection to the end of its first request's headers, however slow
    /// @param idle the same after an answer
    /// @param answer for the next part of an answer to be taken
    public record Times(Duration handshake, Duration head, Duration idle, Duration answer) {
        public static final Times USUAL = new Times(
                Duration.ofSeconds(10), Duration.ofSeconds(32), Duration.ofSeconds(90), Duration.ofSeconds(60));
    }

    /// For a server of which the machine has room for many.
    public static final ServerLimits USUAL = of(Long.MAX_VALUE, 512L << 20, () -> false);

    /// Half of the files that a process may open, the others being the store's and the runtime's, as far as the heap
    /// has room for so many; and a quarter of the heap for what waits.
    ///
    /// @param files that this process may open
    public static ServerLimits of(long files, long heap, BooleanSupplier scarce) {
        int connections = (int) Math.clamp(Math.min(files / 2, heap / OF_CONNECTION), 64, 1 << 20);
        return new ServerLimits(connections, connections / SHARES, heap / 4, scarce, Times.USUAL);
    }

    /// The same with no more connections than that, of which one address may have half: the clients of these servers
    /// are few, or stand behind a proxy.
    public ServerLimits withConnections(int most) {
        int fewer = Math.min(most, connections);
        return new ServerLimits(fewer, Math.max(1, fewer / 2), waiting, scarce, times);
    }
}
