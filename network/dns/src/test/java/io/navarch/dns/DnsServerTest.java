package io.navarch.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.EndpointSlice;
import io.navarch.model.Service;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Yaml;
import io.navarch.process.Metrics;
import io.navarch.process.TaskScope;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/// The server against clients, objects and name servers that mean it ill, over real sockets.
class DnsServerTest {
    private static final DnsLimits LIMITS =
            new DnsLimits(64, 64, 4, 3, 3, 3, Duration.ofMillis(400), Duration.ofMillis(600));
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress OUTSIDER = InetAddress.ofLiteral("127.0.0.9");
    private static final int MANY = 200;

    /// What an ExternalName service is another name for.
    private static final Map<String, String> ALIASES = Map.of(
            "ping", "pong.n.svc.cluster.local", "pong", "ping.n.svc.cluster.local", "self", "self.n.svc.cluster.local");

    private static final class Objects implements ClusterZone.Source {
        @Override
        public Service service(ObjectKey key) {
            var name = key.name();
            if (ALIASES.containsKey(name))
                return service(name, "{type: ExternalName, externalName: " + ALIASES.get(name) + "}");
            // Each service of this chain is a name for the next.
            if (name.startsWith("hop-")) {
                int next = Integer.parseInt(name.substring(4)) + 1;
                return service(name, "{type: ExternalName, externalName: hop-" + next + ".n.svc.cluster.local}");
            }
            return switch (name) {
                case "web" -> service(name, "{clusterIP: 10.96.0.5}");
                case "many", "named" -> service(name, "{clusterIP: None}");
                case "out" -> service(name, "{type: ExternalName, externalName: out.example}");
                default -> Service.ABSENT;
            };
        }

        private static Service service(String name, String spec) {
            return new Service(Yaml.parse("{metadata: {name: " + name + ", namespace: 'n'}, spec: " + spec + "}"));
        }

        @Override
        public List<EndpointSlice> slices(ObjectKey service) {
            var addresses = service.name().equals("named")
                    ? "{addresses: [localhost]}, {addresses: ['fd00::1']}"
                    : IntStream.range(0, MANY)
                            .mapToObj(i -> "{addresses: [10.0.1." + i + "]}")
                            .collect(Collectors.joining(", "));
            return List.of(new EndpointSlice(Yaml.parse("{endpoints: [" + addresses + "]}")));
        }

        @Override
        public List<Service> servicesAt(String address) {
            return address.equals("10.96.0.5") ? List.of(service(new ObjectKey("n", "web"))) : List.of();
        }

        @Override
        public List<EndpointSlice> slicesAt(String address) {
            return List.of();
        }

        @Override
        public boolean namespace(String name) {
            return name.equals("n");
        }
    }

    private final TaskScope scope = new TaskScope();
    private final Metrics metrics = new Metrics();
    private DatagramSocket upstream;
    private DnsServer server;

    @BeforeEach
    void start() throws IOException {
        upstream = new DatagramSocket(new InetSocketAddress(HERE, 0));
        upstream.setSoTimeout(10_000);
        server = new DnsServer(
                new ClusterZone("cluster.local", new Objects()),
                "cluster.local",
                List.of(new InetSocketAddress(HERE, upstream.getLocalPort())),
                client -> client.equals(HERE),
                LIMITS,
                new InetSocketAddress("0.0.0.0", 0),
                metrics);
        server.start(scope);
    }

    @AfterEach
    void stop() {
        upstream.close();
        server.close();
        scope.close();
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN));
    }

    private byte[] exchange(byte[] packet, InetAddress from) throws IOException {
        try (var socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
            socket.setSoTimeout(10_000);
            socket.send(new DatagramPacket(packet, packet.length, HERE, server.port()));
            var answer = new DatagramPacket(new byte[65535], 65535);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private Message ask(Message query) throws IOException {
        return new Message(exchange(query.toWire(), HERE));
    }

    private CompletableFuture<Message> later(Message query) {
        var result = new CompletableFuture<Message>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(ask(query));
            } catch (IOException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void stillAnswers() throws IOException {
        var answer = ask(query("web.n.svc.cluster.local", Type.A));
        assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"ping,2", "self,1", "hop-0,8"})
    void namesThatStandForEachOtherEnd(String service, int aliases) throws IOException {
        var answer = ask(query(service + ".n.svc.cluster.local", Type.A));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(answer.getSection(Section.ANSWER))
                .hasSize(aliases)
                .allMatch(record -> record.getType() == Type.CNAME);
    }

    @Test
    void noSuchNameAndNothingOfThisTypeDiffer() throws IOException {
        var nothing = ask(query("web.n.svc.cluster.local", Type.MX));
        assertThat(nothing.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(nothing.getSection(Section.AUTHORITY)).hasSize(1);
        var none = ask(query("999-0-0-1.n.pod.cluster.local", Type.A));
        assertThat(none.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(none.getSection(Section.AUTHORITY)).hasSize(1);
    }

    @Test
    void queriesAndAnswersAreCounted() throws IOException {
        ask(query("web.n.svc.cluster.local", Type.A));
        ask(query("999-0-0-1.n.pod.cluster.local", Type.A));
        ask(query("web.n.svc.cluster.local", 12345));
        exchange(query("web.n.svc.cluster.local", Type.A).toWire(), InetAddress.getByName("127.0.0.2"));
        var server = "server=\"dns://:" + this.server.port() + "\",zone=\".\",view=\"\",";
        assertThat(metrics.text())
                .contains("requests_total{" + server + "proto=\"udp\",family=\"1\",type=\"A\"} 3\n")
                .contains("requests_total{" + server + "proto=\"udp\",family=\"1\",type=\"other\"} 1\n")
                .contains("coredns_dns_responses_total{" + server + "rcode=\"NXDOMAIN\",plugin=\"kubernetes\"} 1\n")
                .contains("coredns_dns_responses_total{" + server + "rcode=\"REFUSED\",plugin=\"\"} 1\n");
    }

    @Test
    void addressesOfTheClusterHaveNamesAndOthersAreAskedFor() throws IOException {
        var answer = ask(query("5.0.96.10.in-addr.arpa", Type.PTR));
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answer.getSection(Section.ANSWER))
                .extracting(Record::rdataToString)
                .containsExactly("web.n.svc.cluster.local.");
        for (var other : List.of("6.0.96.10", "5.0.96.10.1", "0.96.10", "999.0.96.10")) {
            var waiting = later(query(other + ".in-addr.arpa", Type.PTR));
            var asked = asked();
            var question = asked.message.getQuestion();
            assertThat(question.getName()).hasToString(other + ".in-addr.arpa.");
            send(upstream, reply(asked.message.getHeader().getID(), question, a("x", "192.0.2.1")), asked.from);
            assertThat(waiting.join().getSection(Section.ANSWER)).hasSize(1);
        }
    }

    @Test
    void endpointsGivenByNameAreNotLookedUp() throws IOException {
        assertThat(ask(query("named.n.svc.cluster.local", Type.A)).getSection(Section.ANSWER))
                .isEmpty();
        assertThat(ask(query("named.n.svc.cluster.local", Type.AAAA)).getSection(Section.ANSWER))
                .extracting(Record::rdataToString)
                .containsExactly("fd00:0:0:0:0:0:0:1");
    }

    @ParameterizedTest
    @CsvSource({"0,512", "100,512", "800,800", "65535,1232"})
    void datagramsAreShort(int accepted, int most) throws IOException {
        var query = query("many.n.svc.cluster.local", Type.A);
        if (accepted > 0) query.addRecord(new OPTRecord(accepted, 0, 0), Section.ADDITIONAL);
        var bytes = exchange(query.toWire(), HERE);
        assertThat(bytes.length).isBetween(most / 2, most);
        assertThat(new Message(bytes).getHeader().getFlag(Flags.TC)).isTrue();
    }

    @Test
    void theRestComesOverTcp() throws IOException {
        try (var client = new Socket(HERE, server.port())) {
            for (int i = 0; i < 3; i++) {
                send(client, query("many.n.svc.cluster.local", Type.A).toWire());
                assertThat(receive(client).getSection(Section.ANSWER)).hasSize(MANY);
            }
        }
    }

    private static void send(Socket client, byte[] packet) throws IOException {
        var out = new DataOutputStream(client.getOutputStream());
        out.writeShort(packet.length);
        out.write(packet);
        out.flush();
    }

    private static Message receive(Socket client) throws IOException {
        client.setSoTimeout(10_000);
        var in = new DataInputStream(client.getInputStream());
        return new Message(in.readNBytes(in.readUnsignedShort()));
    }

    @Test
    void onlyTheClusterIsAnswered() throws IOException {
        for (var name : List.of("web.n.svc.cluster.local", "example.org")) {
            var query = query(name, Type.A).toWire();
            var bytes = exchange(query, OUTSIDER);
            assertThat(new Message(bytes).getRcode()).isEqualTo(Rcode.REFUSED);
            assertThat(bytes.length).isLessThanOrEqualTo(query.length);
        }
        assertUpstreamWasNotAsked();
    }

    private void assertUpstreamWasNotAsked() throws IOException {
        upstream.setSoTimeout(50);
        try {
            upstream.receive(new DatagramPacket(new byte[1], 1));
        } catch (SocketTimeoutException e) {
            return;
        }
        throw new AssertionError("forwarded");
    }

    @ParameterizedTest
    @CsvSource({"ANY", "AXFR", "IXFR", "MAILB"})
    void longAnswersToShortQuestionsAreRefused(String type) throws IOException {
        for (var name : List.of("cluster.local", "web.n.svc.cluster.local", "example.org"))
            assertThat(ask(query(name, Type.value(type))).getRcode()).isEqualTo(Rcode.REFUSED);
        assertUpstreamWasNotAsked();
    }

    @Test
    void whatIsNoPlainQuestionIsRefused() throws IOException {
        var chaos = Message.newQuery(Record.newRecord(Name.fromString("version.bind."), Type.TXT, DClass.CH));
        assertThat(ask(chaos).getRcode()).isEqualTo(Rcode.REFUSED);
        var update = query("web.n.svc.cluster.local", Type.A);
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(ask(update).getRcode()).isEqualTo(Rcode.NOTIMP);
        var two = query("web.n.svc.cluster.local", Type.A);
        two.addRecord(Record.newRecord(Name.fromString("x."), Type.A, DClass.IN), Section.QUESTION);
        assertThat(ask(two).getRcode()).isEqualTo(Rcode.FORMERR);
        assertThat(ask(new Message(7)).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @Test
    void garbageStopsNothing() throws IOException {
        var random = new Random(1);
        try (var socket = new DatagramSocket()) {
            for (int i = 0; i < 500; i++) {
                var bytes = new byte[random.nextInt(80)];
                random.nextBytes(bytes);
                socket.send(new DatagramPacket(bytes, bytes.length, HERE, server.port()));
                // Not more at a time than are listened to.
                if (i % 32 == 31) stillAnswers();
            }
        }
        // A name that goes on at itself, and one that goes on behind the end.
        for (int offset : new int[] {12, 14, 200}) {
            var loop = new byte[] {1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte) 0xc0, (byte) offset, 0, 1, 0, 1};
            assertThat(new Message(exchange(loop, HERE)).getRcode()).isEqualTo(Rcode.FORMERR);
        }
        stillAnswers();
    }

    @Test
    void answersAreNotAnswered() throws IOException {
        try (var socket = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
            socket.setSoTimeout(10_000);
            var answer = query("web.n.svc.cluster.local", Type.A);
            answer.getHeader().setFlag(Flags.QR);
            var last = query("web.n.svc.cluster.local", Type.A);
            for (var each : List.of(answer, last))
                socket.send(new DatagramPacket(each.toWire(), each.toWire().length, HERE, server.port()));
            var packet = new DatagramPacket(new byte[512], 512);
            socket.receive(packet);
            assertThat(new Message(packet.getData()).getHeader().getID())
                    .isEqualTo(last.getHeader().getID());
        }
    }

    private record Asked(Message message, SocketAddress from) {}

    private Asked asked() throws IOException {
        var packet = new DatagramPacket(new byte[4096], 4096);
        upstream.receive(packet);
        return new Asked(new Message(Arrays.copyOf(packet.getData(), packet.getLength())), packet.getSocketAddress());
    }

    private static Message reply(int id, Record question, Record answer) {
        var message = new Message(id);
        message.getHeader().setFlag(Flags.QR);
        message.addRecord(question, Section.QUESTION);
        message.addRecord(answer, Section.ANSWER);
        return message;
    }

    private static Record a(String name, String ip) throws IOException {
        return new ARecord(Name.fromString(name + "."), DClass.IN, 5, InetAddress.ofLiteral(ip));
    }

    private static void send(DatagramSocket from, Message message, SocketAddress to) throws IOException {
        var bytes = message.toWire();
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Test
    void onlyTheNameServerAnswersAndOnlyWhatItWasAsked() throws Exception {
        var waiting = later(query("example.org", Type.A));
        var asked = asked();
        var question = asked.message.getQuestion();
        int id = asked.message.getHeader().getID();
        var other = Record.newRecord(Name.fromString("bank.example."), Type.A, DClass.IN);
        try (var stranger = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
            send(stranger, reply(id, question, a("example.org", "6.6.6.1")), asked.from);
        }
        send(upstream, reply(id + 1 & 0xffff, question, a("example.org", "6.6.6.2")), asked.from);
        send(upstream, reply(id, other, a("example.org", "6.6.6.3")), asked.from);
        var query = new Message(id);
        query.addRecord(question, Section.QUESTION);
        send(upstream, query, asked.from);
        upstream.send(new DatagramPacket(new byte[] {1, 2, 3}, 3, asked.from));
        send(upstream, reply(id, question, a("example.org", "192.0.2.1")), asked.from);
        assertThat(waiting.get().getSection(Section.ANSWER))
                .extracting(Record::rdataToString)
                .containsExactly("192.0.2.1");
    }

    @Test
    void numbersAndPortsCannotBeGuessed() throws Exception {
        var ids = new HashSet<Integer>();
        var ports = new HashSet<SocketAddress>();
        for (int i = 0; i < 8; i++) {
            var query = query("example.org", Type.A);
            query.getHeader().setID(5);
            var waiting = later(query);
            var asked = asked();
            ids.add(asked.message.getHeader().getID());
            ports.add(asked.from);
            send(
                    upstream,
                    reply(
                            asked.message.getHeader().getID(),
                            asked.message.getQuestion(),
                            a("example.org", "192.0.2.1")),
                    asked.from);
            assertThat(waiting.get().getHeader().getID()).isEqualTo(5);
        }
        assertThat(ids.size()).isGreaterThan(5);
        assertThat(ports.size()).isGreaterThan(2);
    }

    @Test
    void whatWaitsForANameServerIsBounded() throws Exception {
        var waiting = new ArrayList<CompletableFuture<Message>>();
        for (int i = 0; i < LIMITS.forwarded(); i++) {
            waiting.add(later(query("dead.example", Type.A)));
            asked();
        }
        // No more is forwarded, and the cluster's own names are answered all the same.
        for (int i = 0; i < 10; i++)
            assertThat(ask(query("dead.example", Type.A)).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(ask(query("out.n.svc.cluster.local", Type.A)).getSection(Section.ANSWER))
                .hasSize(1);
        stillAnswers();
        for (var each : waiting) assertThat(each.get().getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertUpstreamWasNotAsked();
    }

    @Test
    void aNameServersLongAnswerIsCutToo() throws Exception {
        var query = query("example.org", Type.TXT);
        query.addRecord(new OPTRecord(65535, 0, 0), Section.ADDITIONAL);
        var waiting = new CompletableFuture<byte[]>();
        Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(exchange(query.toWire(), HERE));
            } catch (IOException e) {
                waiting.completeExceptionally(e);
            }
        });
        var asked = asked();
        var texts = IntStream.range(0, 12).mapToObj(i -> "x".repeat(250)).toList();
        var long1 = new TXTRecord(Name.fromString("example.org."), DClass.IN, 5, texts);
        send(upstream, reply(asked.message.getHeader().getID(), asked.message.getQuestion(), long1), asked.from);
        var answer = waiting.get();
        assertThat(answer.length).isLessThanOrEqualTo(1232);
        assertThat(new Message(answer).getHeader().getFlag(Flags.TC)).isTrue();
    }

    @Test
    void connectionsOfOneClientAreBounded() throws IOException {
        var clients = new ArrayList<Socket>();
        try {
            for (int i = 0; i < LIMITS.connectionsOfOne(); i++) {
                var client = new Socket(HERE, server.port());
                clients.add(client);
                send(client, query("web.n.svc.cluster.local", Type.A).toWire());
                receive(client);
            }
            try (var further = new Socket(HERE, server.port())) {
                further.setSoTimeout(10_000);
                assertThat(ended(further)).isTrue();
            }
        } finally {
            for (var client : clients) client.close();
        }
    }

    private static boolean ended(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void whoSaysNothingOrTooMuchIsCutOff() throws IOException {
        try (var silent = new Socket(HERE, server.port());
                var half = new Socket(HERE, server.port())) {
            half.getOutputStream().write(new byte[] {0, 50, 1, 2, 3});
            for (var client : List.of(silent, half)) {
                client.setSoTimeout(10_000);
                assertThat(ended(client)).isTrue();
            }
        }
        try (var big = new Socket(HERE, server.port())) {
            big.setSoTimeout(10_000);
            send(big, new byte[65535]);
            assertThat(ended(big)).isTrue();
        } catch (IOException e) {
            // Cut off while it was sending.
        }
    }
}
