package io.navarch.agent.api;

import io.navarch.http.WebSocket;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// How the streams of a command share a WebSocket: each message begins with the number of its channel.
///
/// Source: https://kubernetes.io/docs/reference/using-api/api-concepts/ and the kubelet's protocols of remote commands.
///
/// @param status whether how the command ended is told as a `Status`, and not only what went wrong, in words
/// @param base64 whether messages are text: the channel a digit, the rest in base64
record ChannelProtocol(String name, boolean status, boolean base64) {
    private static final List<ChannelProtocol> ALL = List.of(
            new ChannelProtocol("v5.channel.k8s.io", true, false),
            new ChannelProtocol("v4.channel.k8s.io", true, false),
            new ChannelProtocol("v4.base64.channel.k8s.io", true, true),
            new ChannelProtocol("channel.k8s.io", false, false),
            new ChannelProtocol("base64.channel.k8s.io", false, true),
            new ChannelProtocol("", false, false));

    /// The first that a client offers and that is known.
    ///
    /// @param offered the header's value
    static Optional<ChannelProtocol> of(String offered) {
        return Arrays.stream(offered.strip().split("\\s*,\\s*"))
                .flatMap(name -> ALL.stream().filter(each -> each.name.equals(name)))
                .findFirst();
    }

    void send(WebSocket socket, byte channel, byte[] bytes) throws IOException {
        if (base64)
            socket.sendText(
                    new byte[] {(byte) ('0' + channel)}, Base64.getEncoder().encode(bytes));
        else socket.send(new byte[] {channel}, bytes);
    }

    /// A message with the channel's number in front; empty when it is none.
    byte[] received(byte[] message) {
        if (!base64 || message.length == 0) return message;
        try {
            var bytes = Base64.getDecoder().decode(Arrays.copyOfRange(message, 1, message.length));
            var plain = new byte[bytes.length + 1];
            plain[0] = (byte) (message[0] - '0');
            System.arraycopy(bytes, 0, plain, 1, bytes.length);
            return plain;
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
