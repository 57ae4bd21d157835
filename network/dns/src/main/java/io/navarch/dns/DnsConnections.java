package io.navarch.dns;

import io.navarch.process.Slots;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The clients over TCP. Each has a time in which its next query must be there and its answer be taken, however slowly
/// bytes come; [#cutSlow] closes the connections of those who do not keep to it.
final class DnsConnections {
    private static final class Connection {
        final Socket socket;
        volatile long deadline;

        Connection(Socket socket) {
            this.socket = socket;
        }
    }

    private final Answers answers;
    private final Duration idle;
    private final Slots<InetAddress> slots;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    DnsConnections(Answers answers, DnsLimits limits) {
        this.answers = answers;
        idle = limits.idle();
        slots = new Slots<>(limits.connections(), limits.connectionsOfOne());
    }

    /// Serves a client until one of both hangs up.
    void serve(Socket socket) {
        var slot = slots.take(socket.getInetAddress());
        if (slot.isEmpty()) {
            close(socket);
            return;
        }
        var connection = new Connection(socket);
        extend(connection);
        open.add(connection);
        Thread.ofVirtual().name("dns-connection").start(() -> {
            try (var held = slot.get()) {
                converse(connection);
            } catch (IOException e) {
                // The client hung up: it has what it wanted.
            } finally {
                open.remove(connection);
                close(socket);
            }
        });
    }

    private void converse(Connection connection) throws IOException {
        var in = new DataInputStream(connection.socket.getInputStream());
        var out = new DataOutputStream(connection.socket.getOutputStream());
        while (true) {
            extend(connection);
            int length = in.readUnsignedShort();
            if (length > DnsLimits.QUERY) return;
            var bytes = new byte[length];
            in.readFully(bytes);
            var answer = answers.to(bytes, connection.socket.getInetAddress(), true);
            if (answer.isEmpty()) return;
            extend(connection);
            out.writeShort(answer.get().length);
            out.write(answer.get());
            out.flush();
        }
    }

    private void extend(Connection connection) {
        connection.deadline = System.nanoTime() + idle.toNanos();
    }

    void cutSlow() {
        long now = System.nanoTime();
        for (var connection : open) if (now - connection.deadline > 0) close(connection.socket);
    }

    void closeAll() {
        for (var connection : open) close(connection.socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is as good as closed.
        }
    }
}
