package io.navarch.dns;

import java.time.Duration;

/// How much the server does at a time. Whoever asks for more is not answered, or is told that it failed; the second
/// number of each pair is what one client may have of it.
///
/// @param datagrams queries over UDP that are being answered
/// @param connections over TCP
/// @param forwarded queries that wait for a name server of the host, each with a socket of its own
/// @param idle how long a client over TCP may take for its next query, and for reading an answer
/// @param upstream how long a name server of the host may take
public record DnsLimits(
        int datagrams,
        int datagramsOfOne,
        int connections,
        int connectionsOfOne,
        int forwarded,
        int forwardedOfOne,
        Duration idle,
        Duration upstream) {
    public static final DnsLimits USUAL =
            new DnsLimits(2048, 512, 256, 32, 512, 128, Duration.ofSeconds(10), Duration.ofSeconds(2));

    /// What goes through every network in one piece; answers that are longer come over TCP.
    ///
    /// Source: https://www.dnsflagday.net/2020/
    static final int DATAGRAM = 1232;

    /// The longest query that is read.
    static final int QUERY = 4096;
}
