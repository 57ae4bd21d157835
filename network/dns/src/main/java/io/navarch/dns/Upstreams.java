package io.navarch.dns;

import io.navarch.process.Slots;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// The host's name servers. A query to them is made anew from the question alone, with a number and a port that nobody
/// can guess; only the server that was asked can answer it, and only what was asked.
final class Upstreams {
    private static final Logger LOG = LoggerFactory.getLogger(Upstreams.class);

    private final List<InetSocketAddress> servers;
    private final DnsLimits limits;
    private final Slots<InetAddress> slots;
    private final SecureRandom random = new SecureRandom();
    private final DnsMetrics metrics;

    Upstreams(List<InetSocketAddress> servers, DnsLimits limits, DnsMetrics metrics) {
        this.metrics = metrics;
        this.servers = servers;
        this.limits = limits;
        slots = new Slots<>(limits.forwarded(), limits.forwardedOfOne());
    }

    /// What the first server says that answers at all; empty as well when too many queries are waiting.
    ///
    /// @param dnssec whether signatures are wanted
    /// @param whole whether an answer that does not fit a datagram is fetched
    Optional<Message> ask(Record question, boolean dnssec, boolean whole, InetAddress client) {
        var slot = slots.take(client);
        if (slot.isEmpty()) return Optional.empty();
        try (var held = slot.get()) {
            for (var server : servers) {
                long began = metrics.now();
                try {
                    var answer = overUdp(server, query(question, dnssec));
                    if (whole && answer.getHeader().getFlag(Flags.TC))
                        answer = overTcp(server, query(question, dnssec));
                    metrics.forwarded(server, answer.getRcode(), began);
                    return Optional.of(answer);
                } catch (IOException e) {
                    LOG.debug("dns: {} does not answer: {}", server, e.getMessage());
                }
            }
            return Optional.empty();
        }
    }

    private Message query(Record question, boolean dnssec) {
        var query = new Message(random.nextInt(1 << 16));
        query.getHeader().setFlag(Flags.RD);
        query.addRecord(question, Section.QUESTION);
        query.addRecord(
                new OPTRecord(DnsLimits.DATAGRAM, 0, 0, dnssec ? ExtendedFlags.DO : 0, List.of()), Section.ADDITIONAL);
        return query;
    }

    private Message overUdp(InetSocketAddress server, Message query) throws IOException {
        long deadline = System.nanoTime() + limits.upstream().toNanos();
        try (var socket = new DatagramSocket()) {
            // The kernel drops what others send to a connected socket.
            socket.connect(server);
            var bytes = query.toWire();
            socket.send(new DatagramPacket(bytes, bytes.length));
            var packet = new DatagramPacket(new byte[DnsLimits.QUERY], DnsLimits.QUERY);
            while (true) {
                socket.setSoTimeout(left(deadline));
                packet.setLength(DnsLimits.QUERY);
                socket.receive(packet);
                var answer = parsed(Arrays.copyOf(packet.getData(), packet.getLength()))
                        .filter(message -> answers(message, query));
                if (answer.isPresent()) return answer.get();
            }
        }
    }

    private Message overTcp(InetSocketAddress server, Message query) throws IOException {
        long deadline = System.nanoTime() + limits.upstream().toNanos();
        try (var socket = new Socket()) {
            socket.connect(server, left(deadline));
            var bytes = query.toWire();
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(bytes.length);
            out.write(bytes);
            out.flush();
            var length = read(socket, 2, deadline);
            var answer = parsed(read(socket, (length[0] & 255) << 8 | length[1] & 255, deadline));
            return answer.filter(message -> answers(message, query))
                    .orElseThrow(() -> new IOException("no answer to what was asked"));
        }
    }

    private static byte[] read(Socket socket, int count, long deadline) throws IOException {
        var bytes = new byte[count];
        for (int at = 0; at < count; ) {
            socket.setSoTimeout(left(deadline));
            int read = socket.getInputStream().read(bytes, at, count - at);
            if (read < 0) throw new EOFException();
            at += read;
        }
        return bytes;
    }

    private static int left(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) throw new SocketTimeoutException("no answer in time");
        return (int) millis;
    }

    private static Optional<Message> parsed(byte[] bytes) {
        try {
            return Optional.of(new Message(bytes));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static boolean answers(Message answer, Message query) {
        return answer.getHeader().getFlag(Flags.QR)
                && answer.getHeader().getID() == query.getHeader().getID()
                && answer.getSection(Section.QUESTION).size() == 1
                && query.getQuestion().equals(answer.getQuestion());
    }
}
