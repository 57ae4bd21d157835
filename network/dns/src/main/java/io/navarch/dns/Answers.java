package io.navarch.dns;

import io.navarch.dns.ClusterZone.Answer;
import io.navarch.objects.Addresses;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What is answered to a packet, whatever is in it: names of the cluster from its zone, others by asking the host's
/// name servers. Who does not belong to the cluster learns neither.
final class Answers {
    private static final long TTL = 5;

    /// How many names may stand for one another in a row, as in CoreDNS.
    private static final int ALIASES = 8;

    private static final int HEADER = 12;

    private static final Pattern REVERSE = Pattern.compile(
            "(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.in-addr\\.arpa", Pattern.CASE_INSENSITIVE);

    private final ClusterZone zone;
    private final Name domain;
    private final Upstreams upstreams;
    private final Predicate<InetAddress> clients;
    private final DnsMetrics metrics;

    /// @param clients who is answered
    Answers(ClusterZone zone, Name domain, Upstreams upstreams, Predicate<InetAddress> clients, DnsMetrics metrics) {
        this.metrics = metrics;
        this.zone = zone;
        this.domain = domain;
        this.upstreams = upstreams;
        this.clients = clients;
    }

    /// The bytes to send back, if any. Over UDP they are never more than [DnsLimits#DATAGRAM], and never more than the
    /// client takes.
    Optional<byte[]> to(byte[] packet, InetAddress client, boolean tcp) {
        long began = metrics.now();
        Message query;
        try {
            query = new Message(packet);
        } catch (IOException | RuntimeException e) {
            return malformed(packet);
        }
        // Two servers that answer each other's answers would never stop.
        if (query.getHeader().getFlag(Flags.QR)) return Optional.empty();
        var question = query.getQuestion();
        metrics.asked(client, tcp, question == null ? 0 : question.getType(), packet.length);
        var answer = head(query);
        try {
            answer = answer(query, answer, client, tcp);
        } catch (IOException | RuntimeException e) {
            metrics.failed();
            answer = head(query);
            answer.getHeader().setRcode(Rcode.SERVFAIL);
        }
        int room = query.getOPT() == null ? 512 : Math.max(512, query.getOPT().getPayloadSize());
        var bytes = fitting(answer, tcp ? 65535 : Math.min(room, DnsLimits.DATAGRAM));
        metrics.answered(tcp, answer.getRcode(), plugin(answer), bytes.length, began);
        return Optional.of(bytes);
    }

    /// Of its own zone the server speaks with authority; what it refuses it has asked nobody for.
    private static DnsMetrics.Plugin plugin(Message answer) {
        if (answer.getHeader().getFlag(Flags.AA)) return DnsMetrics.Plugin.KUBERNETES;
        return switch (answer.getRcode()) {
            case Rcode.REFUSED, Rcode.NOTIMP, Rcode.FORMERR -> DnsMetrics.Plugin.NONE;
            default -> DnsMetrics.Plugin.FORWARD;
        };
    }

    /// The answer, or as many of its records as there is room for: some clients cannot ask again over TCP.
    private static byte[] fitting(Message answer, int room) {
        var whole = answer.toWire(65535);
        var records = answer.getSection(Section.ANSWER);
        if (whole.length <= room) return whole;
        int fit = 0;
        for (int over = records.size(); over - fit > 1; ) {
            int middle = fit + over >>> 1;
            if (first(answer, records, middle).toWire().length <= room) fit = middle;
            else over = middle;
        }
        return first(answer, records, fit).toWire();
    }

    private static Message first(Message answer, List<Record> records, int count) {
        var part = answer.clone();
        part.getHeader().setFlag(Flags.TC);
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL})
            part.removeAllRecords(section);
        records.subList(0, count).forEach(each -> part.addRecord(each, Section.ANSWER));
        var opt = answer.getOPT();
        if (opt != null) part.addRecord(opt, Section.ADDITIONAL);
        return part;
    }

    /// What cannot be read is told so by its number alone.
    private static Optional<byte[]> malformed(byte[] packet) {
        boolean response = packet.length < HEADER || (packet[2] & 0x80) != 0;
        if (response) return Optional.empty();
        var answer = new Message((packet[0] & 255) << 8 | packet[1] & 255);
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(Rcode.FORMERR);
        return Optional.of(answer.toWire());
    }

    private static Message head(Message query) {
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setOpcode(query.getHeader().getOpcode());
        if (query.getHeader().getFlag(Flags.RD)) answer.getHeader().setFlag(Flags.RD);
        answer.getHeader().setFlag(Flags.RA);
        var questions = query.getSection(Section.QUESTION);
        if (questions.size() == 1) answer.addRecord(questions.getFirst(), Section.QUESTION);
        if (query.getOPT() != null) answer.addRecord(new OPTRecord(DnsLimits.DATAGRAM, 0, 0), Section.ADDITIONAL);
        return answer;
    }

    private Message answer(Message query, Message answer, InetAddress client, boolean tcp) throws IOException {
        int refusal = refusal(query, client);
        if (refusal != Rcode.NOERROR) {
            answer.getHeader().setRcode(refusal);
            return answer;
        }
        var question = query.getQuestion();
        if (question.getName().subdomain(domain)) {
            answer.getHeader().setFlag(Flags.AA);
            return fromZone(answer, question, client, tcp);
        }
        if (question.getType() == Type.PTR && fromAddress(answer, question)) return answer;
        var opt = query.getOPT();
        boolean dnssec = opt != null && (opt.getFlags() & ExtendedFlags.DO) != 0;
        var forwarded = upstreams.ask(question, dnssec, tcp, client);
        if (forwarded.isEmpty()) answer.getHeader().setRcode(Rcode.SERVFAIL);
        else copy(forwarded.get(), answer);
        return answer;
    }

    /// The names of an address of the cluster; whose address it is otherwise, others know.
    private boolean fromAddress(Message answer, Record question) throws IOException {
        var address = address(question.getName());
        var names = address.isEmpty() ? List.<String>of() : zone.names(address.get());
        if (names.isEmpty()) return false;
        answer.getHeader().setFlag(Flags.AA);
        for (var each : names)
            answer.addRecord(
                    new PTRRecord(question.getName(), DClass.IN, TTL, Name.fromString(each + ".")), Section.ANSWER);
        return true;
    }

    /// The address that a name below `in-addr.arpa` stands for.
    private static Optional<String> address(Name name) {
        var matcher = REVERSE.matcher(name.toString(true));
        return matcher.matches()
                ? Optional.of(String.join(".", matcher.group(4), matcher.group(3), matcher.group(2), matcher.group(1)))
                        .filter(Addresses::isAddress)
                : Optional.empty();
    }

    private int refusal(Message query, InetAddress client) {
        if (!clients.test(client)) return Rcode.REFUSED;
        if (query.getHeader().getOpcode() != Opcode.QUERY) return Rcode.NOTIMP;
        if (query.getSection(Section.QUESTION).size() != 1) return Rcode.FORMERR;
        if (query.getOPT() != null && query.getOPT().getVersion() != 0) return Rcode.NOTIMP;
        var question = query.getQuestion();
        // Whole zones, and everything about a name: short questions with long answers.
        int type = question.getType();
        boolean meta = type == 0 || type == Type.OPT || type >= Type.TKEY && type <= Type.ANY;
        return meta || question.getDClass() != DClass.IN ? Rcode.REFUSED : Rcode.NOERROR;
    }

    private static void copy(Message from, Message to) {
        to.getHeader().setRcode(from.getHeader().getRcode());
        for (int flag : new int[] {Flags.TC, Flags.AD})
            if (from.getHeader().getFlag(flag)) to.getHeader().setFlag(flag);
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL})
            for (var record : from.getSection(section)) if (record.getType() != Type.OPT) to.addRecord(record, section);
    }

    /// Follows the names that stand for others, until one has what was asked for, is not the cluster's, or was met
    /// already.
    private Message fromZone(Message answer, Record question, InetAddress client, boolean tcp) throws IOException {
        var found = lookup(question.getName());
        if (found.isEmpty()) answer.getHeader().setRcode(Rcode.NXDOMAIN);
        var met = new HashSet<Name>();
        var name = question.getName();
        while (true) {
            var alias = alias(found);
            if (alias.isEmpty() || !met.add(name) || met.size() > ALIASES) break;
            var target = Name.fromString(alias.get().endsWith(".") ? alias.get() : alias.get() + ".");
            answer.addRecord(new CNAMERecord(name, DClass.IN, TTL, target), Section.ANSWER);
            if (question.getType() == Type.CNAME) break;
            if (!target.subdomain(domain)) {
                var asked = Record.newRecord(target, question.getType(), DClass.IN);
                upstreams
                        .ask(asked, false, tcp, client)
                        .ifPresent(given -> given.getSection(Section.ANSWER)
                                .forEach(record -> answer.addRecord(record, Section.ANSWER)));
                break;
            }
            name = target;
            found = lookup(target);
        }
        add(answer, name, question.getType(), found.orElse(List.of()));
        if (answer.getSection(Section.ANSWER).isEmpty()) answer.addRecord(authority(), Section.AUTHORITY);
        return answer;
    }

    private Optional<List<Answer>> lookup(Name name) {
        return zone.lookup(name.toString(true));
    }

    private static Optional<String> alias(Optional<List<Answer>> found) {
        return found.orElse(List.of()).stream()
                .filter(Answer.Alias.class::isInstance)
                .map(each -> ((Answer.Alias) each).target())
                .findFirst();
    }

    private static void add(Message answer, Name name, int type, List<Answer> found) throws IOException {
        var shuffled = new ArrayList<>(found);
        Collections.shuffle(shuffled);
        for (var each : shuffled) {
            if (each instanceof Answer.Address address) {
                var record = address(name, address.ip()).filter(made -> made.getType() == type);
                record.ifPresent(made -> answer.addRecord(made, Section.ANSWER));
            } else if (each instanceof Answer.Location location && type == Type.SRV) {
                var target = Name.fromString(location.target() + ".");
                int weight = 100 / Math.max(1, shuffled.size());
                answer.addRecord(
                        new SRVRecord(name, DClass.IN, TTL, 0, weight, location.port(), target), Section.ANSWER);
                address(target, location.ip()).ifPresent(made -> answer.addRecord(made, Section.ADDITIONAL));
            }
        }
    }

    /// Endpoints may be given by name, and names are no addresses: nothing is looked up for them.
    private static Optional<Record> address(Name name, String ip) {
        return Addresses.parse(ip).map(bytes -> {
            try {
                var address = InetAddress.getByAddress(bytes);
                return bytes.length == 4
                        ? new ARecord(name, DClass.IN, TTL, address)
                        : new AAAARecord(name, DClass.IN, TTL, address);
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    private Record authority() throws IOException {
        var server = Name.fromString("ns.dns", domain);
        var person = Name.fromString("hostmaster", domain);
        return new SOARecord(domain, DClass.IN, TTL, server, person, 1, 7200, 1800, 86400, TTL);
    }
}
