package io.navarch.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who is connected, by address. Whoever has too many connections gets no more, which costs the others nothing: his are
/// closed before a byte of them is read.
final class Clients {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    /// Of an IPv6 address: the rest belongs to whoever has these.
    private static final int NETWORK = 8;

    private static final class Client {
        final Backlog backlog;
        int connections;
        boolean refused;

        Client(Backlog backlog) {
            this.backlog = backlog;
        }
    }

    private final ServerLimits limits;
    private final Backlog backlog;
    private final Map<ByteBuffer, Client> known = new HashMap<>();
    private int connections;
    private boolean refused;

    Clients(ServerLimits limits) {
        this.limits = limits;
        backlog = Backlog.of(limits.waiting(), limits.scarce());
    }

    /// Lets a connection in, which must be taken back by [#gone].
    ///
    /// @return its client's part of what may wait; empty when it is one too many
    synchronized Optional<Backlog> admit(InetAddress address) {
        var client = known.computeIfAbsent(
                key(address), each -> new Client(backlog.part(limits.waiting() / ServerLimits.SHARES)));
        boolean full = connections >= limits.connections();
        if (full || client.connections >= limits.connectionsOfOne()) {
            say(full, client, address);
            if (client.connections == 0) known.remove(key(address));
            return Optional.empty();
        }
        connections++;
        client.connections++;
        return Optional.of(client.backlog);
    }

    /// Once, until there is room again: whoever is refused may come without end.
    private void say(boolean full, Client client, InetAddress address) {
        if (full ? refused : client.refused) return;
        if (full) refused = true;
        else client.refused = true;
        LOG.warn(
                "connections from {} are refused: there are {} in all and {} of it",
                address.getHostAddress(),
                connections,
                client.connections);
    }

    synchronized void gone(InetAddress address) {
        connections--;
        refused = false;
        known.computeIfPresent(key(address), (each, client) -> {
            client.connections--;
            client.refused = false;
            return client.connections == 0 ? null : client;
        });
    }

    synchronized int connections() {
        return connections;
    }

    long waiting() {
        return backlog.waiting();
    }

    private static ByteBuffer key(InetAddress address) {
        var bytes = address.getAddress();
        return ByteBuffer.wrap(bytes, 0, address instanceof Inet6Address ? NETWORK : bytes.length)
                .slice();
    }
}
