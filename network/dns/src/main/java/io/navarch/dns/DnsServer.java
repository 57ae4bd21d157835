package io.navarch.dns;

import io.navarch.dns.ClusterZone.Answer;
import io.navarch.process.TaskScope;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// Answers DNS over UDP and TCP: the cluster's zone itself, the rest by asking the host's name servers.
public final class DnsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
    private static final long TTL = 5;
    private static final int FORWARD_MILLIS = 2000;

    private final ClusterZone zone;
    private final Name domain;
    private final List<String> upstreams;
    private final DatagramSocket datagrams;
    private final ServerSocket connections;

    /// @throws IOException when the port is taken
    public DnsServer(ClusterZone zone, String domain, List<String> upstreams, InetSocketAddress address)
            throws IOException {
        this.zone = zone;
        this.domain = Name.fromString(domain + ".");
        this.upstreams = upstreams;
        try {
            datagrams = new DatagramSocket(address);
            connections = new ServerSocket();
            connections.setReuseAddress(true);
            connections.bind(address);
        } catch (IOException e) {
            throw new IOException("DNS cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    public void start(TaskScope scope) {
        scope.start("dns-udp", () -> {
            while (!datagrams.isClosed()) {
                var packet = new DatagramPacket(new byte[4096], 4096);
                try {
                    datagrams.receive(packet);
                } catch (IOException e) {
                    if (datagrams.isClosed()) return;
                    continue;
                }
                Thread.ofVirtual().start(() -> datagram(packet));
            }
        });
        scope.start("dns-tcp", () -> {
            while (!connections.isClosed()) {
                try {
                    var socket = connections.accept();
                    Thread.ofVirtual().start(() -> connection(socket));
                } catch (IOException e) {
                    if (connections.isClosed()) return;
                }
            }
        });
    }

    private void datagram(DatagramPacket packet) {
        try {
            var query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
            int size =
                    query.getOPT() == null ? 512 : Math.max(512, query.getOPT().getPayloadSize());
            var answer = answer(query).toWire(size);
            datagrams.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        } catch (IOException e) {
            LOG.debug("dns: {}", e.getMessage());
        }
    }

    private void connection(Socket socket) {
        try (socket) {
            socket.setSoTimeout(10_000);
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                var bytes = new byte[in.readUnsignedShort()];
                in.readFully(bytes);
                var answer = answer(new Message(bytes)).toWire(65535);
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            }
        } catch (IOException e) {
            // The client hung up: it has what it wanted.
        }
    }

    private Message answer(Message query) {
        var question = query.getQuestion();
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        if (query.getHeader().getFlag(Flags.RD)) answer.getHeader().setFlag(Flags.RD);
        answer.getHeader().setFlag(Flags.RA);
        if (question == null) {
            answer.getHeader().setRcode(Rcode.FORMERR);
            return answer;
        }
        answer.addRecord(question, Section.QUESTION);
        var name = question.getName().toString(true);
        if (zone.covers(name.toLowerCase(Locale.ROOT))) {
            answer.getHeader().setFlag(Flags.AA);
            fill(answer, question, zone.lookup(name));
            return answer;
        }
        var forwarded = forward(query);
        if (forwarded.isEmpty()) answer.getHeader().setRcode(Rcode.SERVFAIL);
        return forwarded.orElse(answer);
    }

    private void fill(Message answer, Record question, Optional<List<Answer>> found) {
        if (found.isEmpty()) answer.getHeader().setRcode(Rcode.NXDOMAIN);
        var name = question.getName();
        int type = question.getType();
        boolean any = false;
        try {
            var shuffled = new ArrayList<>(found.orElse(List.of()));
            Collections.shuffle(shuffled);
            for (var each : shuffled) {
                switch (each) {
                    case Answer.Address address
                    when type == Type.A || type == Type.ANY -> {
                        answer.addRecord(
                                new ARecord(name, DClass.IN, TTL, InetAddress.getByName(address.ip())), Section.ANSWER);
                        any = true;
                    }
                    case Answer.Location location
                    when type == Type.SRV || type == Type.ANY -> {
                        var target = Name.fromString(location.target() + ".");
                        answer.addRecord(
                                new SRVRecord(
                                        name,
                                        DClass.IN,
                                        TTL,
                                        0,
                                        100 / Math.max(1, shuffled.size()),
                                        location.port(),
                                        target),
                                Section.ANSWER);
                        answer.addRecord(
                                new ARecord(target, DClass.IN, TTL, InetAddress.getByName(location.ip())),
                                Section.ADDITIONAL);
                        any = true;
                    }
                    case Answer.Alias alias -> {
                        alias(answer, name, alias, type);
                        any = true;
                    }
                    default -> {}
                }
            }
            if (!any) {
                answer.addRecord(
                        new SOARecord(
                                domain,
                                DClass.IN,
                                TTL,
                                Name.fromString("ns.dns", domain),
                                Name.fromString("hostmaster", domain),
                                1,
                                7200,
                                1800,
                                86400,
                                TTL),
                        Section.AUTHORITY);
            }
        } catch (IOException e) {
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        }
    }

    private void alias(Message answer, Name name, Answer.Alias alias, int type) throws TextParseException {
        var target = Name.fromString(alias.target().endsWith(".") ? alias.target() : alias.target() + ".");
        answer.addRecord(new CNAMERecord(name, DClass.IN, TTL, target), Section.ANSWER);
        if (type == Type.CNAME) return;
        var query = Message.newQuery(Record.newRecord(target, type, DClass.IN));
        for (var record : answer(query).getSection(Section.ANSWER)) answer.addRecord(record, Section.ANSWER);
    }

    /// What the first of the host's name servers says that answers at all.
    private Optional<Message> forward(Message query) {
        for (var upstream : upstreams) {
            try (var socket = new DatagramSocket()) {
                socket.setSoTimeout(FORWARD_MILLIS);
                var bytes = query.toWire();
                socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(upstream, 53)));
                var packet = new DatagramPacket(new byte[4096], 4096);
                socket.receive(packet);
                return Optional.of(new Message(Arrays.copyOf(packet.getData(), packet.getLength())));
            } catch (IOException e) {
                LOG.debug("dns: {} does not answer: {}", upstream, e.getMessage());
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            connections.close();
        } catch (IOException e) {
            LOG.debug("dns: {}", e.getMessage());
        }
    }
}
