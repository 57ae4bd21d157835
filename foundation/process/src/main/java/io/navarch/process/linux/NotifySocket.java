package io.navarch.process.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Where systemd listens to what a service says of itself: lines such as `READY=1`, each message a datagram.
///
/// @param address of the socket as the kernel has it
public record NotifySocket(byte[] address) {
    private static final int UNIX = 1;
    private static final int DATAGRAM = 2;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int NO_SIGNAL = 0x4000;
    private static final int DO_NOT_WAIT = 0x40;

    /// What a socket's name may be long, the zero at its end included.
    private static final int MOST_NAME = 108;

    /// By `NOTIFY_SOCKET`; empty when nobody listens, or in a way that is not known here.
    public static Optional<NotifySocket> of(Map<String, String> environment) {
        var name = environment.getOrDefault("NOTIFY_SOCKET", "");
        return name.startsWith("/") || name.startsWith("@") && name.length() > 1
                ? address(name).map(NotifySocket::new)
                : Optional.empty();
    }

    /// A name that begins with `@` stands in no directory: the kernel has it with a zero there, and by its length.
    private static Optional<byte[]> address(String name) {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean inDirectory = bytes[0] == '/';
        int length = bytes.length + (inDirectory ? 1 : 0);
        if (length > MOST_NAME || name.indexOf('\0') >= 0) return Optional.empty();
        var address = ByteBuffer.allocate(Short.BYTES + length).order(ByteOrder.nativeOrder());
        address.putShort((short) UNIX).put(bytes);
        if (!inDirectory) address.put(Short.BYTES, (byte) 0);
        return Optional.of(address.array());
    }

    /// How often systemd wants to hear that the service lives, by `WATCHDOG_USEC`; empty when it does not ask.
    public static Optional<Duration> watchdog(Map<String, String> environment, long ownPid) {
        var wanted = environment.getOrDefault("WATCHDOG_USEC", "");
        var whom = environment.getOrDefault("WATCHDOG_PID", String.valueOf(ownPid));
        if (!wanted.matches("[1-9][0-9]{0,17}") || !whom.equals(String.valueOf(ownPid))) return Optional.empty();
        return Optional.of(Duration.ofNanos(Math.min(Long.parseLong(wanted), Long.MAX_VALUE / 1000) * 1000));
    }

    /// @param lines such as `STATUS=…`; a line break within one would be another line
    public void tell(String... lines) throws IOException {
        int socket = LibC.socket(UNIX, DATAGRAM | CLOSE_ON_EXEC);
        try {
            var text = new StringBuilder();
            for (var line : lines) text.append(line.replace('\n', ' ')).append('\n');
            LibC.sendTo(socket, text.toString().getBytes(StandardCharsets.UTF_8), NO_SIGNAL | DO_NOT_WAIT, address);
        } finally {
            LibC.close(socket);
        }
    }
}
