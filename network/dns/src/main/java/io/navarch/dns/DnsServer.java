package io.navarch.dns;

import io.navarch.process.Metrics;
import io.navarch.process.Slots;
import io.navarch.process.TaskScope;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/// Answers DNS over UDP and TCP: the cluster's zone itself, the rest by asking the host's name servers.
public final class DnsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);

    private final Answers answers;
    private final DnsConnections clients;
    private final Slots<InetAddress> slots;
    private final DatagramSocket datagrams;
    private final ServerSocket connections;

    /// @param upstreams the host's name servers
    /// @param clients who is answered; others are refused
    /// @throws IOException when the port is taken
    public DnsServer(
            ClusterZone zone,
            String domain,
            List<InetSocketAddress> upstreams,
            Predicate<InetAddress> clients,
            DnsLimits limits,
            InetSocketAddress address,
            Metrics metrics)
            throws IOException {
        var sockets = Sockets.open(address);
        datagrams = sockets.datagrams;
        connections = sockets.connections;
        var measured = new DnsMetrics(metrics, System::nanoTime, datagrams.getLocalPort());
        answers = new Answers(
                zone, Name.fromString(domain + "."), new Upstreams(upstreams, limits, measured), clients, measured);
        this.clients = new DnsConnections(answers, limits);
        slots = new Slots<>(limits.datagrams(), limits.datagramsOfOne());
    }

    /// One port for both protocols.
    private record Sockets(DatagramSocket datagrams, ServerSocket connections) {
        /// A port that is chosen for one of them may be taken for the other.
        private static final int TRIES = 20;

        static Sockets open(InetSocketAddress address) throws IOException {
            for (int tried = 1; ; tried++) {
                DatagramSocket datagrams = null;
                var connections = new ServerSocket();
                try {
                    datagrams = new DatagramSocket(address);
                    connections.setReuseAddress(true);
                    connections.bind(new InetSocketAddress(address.getAddress(), datagrams.getLocalPort()));
                    return new Sockets(datagrams, connections);
                } catch (IOException e) {
                    if (datagrams != null) datagrams.close();
                    connections.close();
                    if (address.getPort() != 0 || tried == TRIES)
                        throw new IOException("DNS cannot listen on " + address + ": " + e.getMessage(), e);
                }
            }
        }
    }

    public int port() {
        return datagrams.getLocalPort();
    }

    public void start(TaskScope scope) {
        scope.start("dns-udp", () -> {
            while (!datagrams.isClosed()) {
                var packet = new DatagramPacket(new byte[DnsLimits.QUERY], DnsLimits.QUERY);
                try {
                    datagrams.receive(packet);
                } catch (IOException e) {
                    if (datagrams.isClosed()) return;
                    continue;
                }
                accept(packet);
            }
        });
        scope.start("dns-tcp", () -> {
            while (!connections.isClosed()) {
                try {
                    clients.serve(connections.accept());
                } catch (IOException e) {
                    if (connections.isClosed()) return;
                    // Nothing to accept with, for lack of descriptors: not at once again.
                    TaskScope.pause(10);
                }
            }
        });
        scope.every("dns-slow", 500, clients::cutSlow);
    }

    /// Whoever asks too much at a time is not heard; resolvers ask again.
    private void accept(DatagramPacket packet) {
        var slot = slots.take(packet.getAddress());
        if (slot.isEmpty()) return;
        Thread.ofVirtual().name("dns-query").start(() -> {
            try (var held = slot.get()) {
                var query = Arrays.copyOf(packet.getData(), packet.getLength());
                var answer = answers.to(query, packet.getAddress(), false);
                if (answer.isEmpty()) return;
                datagrams.send(new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
            } catch (IOException e) {
                LOG.debug("dns: {}", e.getMessage());
            }
        });
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            connections.close();
        } catch (IOException e) {
            LOG.debug("dns: {}", e.getMessage());
        }
        clients.closeAll();
    }
}
