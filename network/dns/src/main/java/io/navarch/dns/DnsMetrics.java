package io.navarch.dns;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// What is asked and answered, under CoreDNS' names.
///
/// Source: https://coredns.io/plugins/metrics/
final class DnsMetrics {
    /// Who answered.
    enum Plugin {
        /// The cluster's zone.
        KUBERNETES("kubernetes"),
        /// The host's name servers.
        FORWARD("forward"),
        /// Nobody: it was refused.
        NONE("");

        private final String label;

        Plugin(String label) {
            this.label = label;
        }
    }

    private static final String ZONE = ".";
    private static final String VIEW = "";
    private static final String OTHER = "other";
    /// Types that clients ask for; whatever else they think of is counted together, as in CoreDNS.
    private static final Set<Integer> TYPES = Set.of(
            Type.A,
            Type.AAAA,
            Type.MX,
            Type.SOA,
            Type.CNAME,
            Type.PTR,
            Type.TXT,
            Type.NS,
            Type.SRV,
            Type.DS,
            Type.DNSKEY,
            Type.RRSIG,
            Type.NSEC,
            Type.NSEC3,
            Type.HTTPS,
            Type.IXFR,
            Type.AXFR,
            Type.ANY);

    private static final List<Double> TIMES = Metric.exponential(0.00025, 2, 16);
    private static final List<Double> SIZES =
            List.of(0.0, 100.0, 200.0, 300.0, 400.0, 511.0, 1023.0, 2047.0, 4095.0, 8291.0, 16e3, 32e3, 48e3, 64e3);
    private static final Metric REQUESTS = Metric.counter(
            "coredns_dns_requests_total", "Queries.", "server", "zone", "view", "proto", "family", "type");
    private static final Metric DURATION = Metric.histogram(
            "coredns_dns_request_duration_seconds", "How long answers took.", TIMES, "server", "zone", "view");
    private static final Metric REQUEST_SIZE = Metric.histogram(
            "coredns_dns_request_size_bytes", "How long queries were.", SIZES, "server", "zone", "view", "proto");
    private static final Metric RESPONSE_SIZE = Metric.histogram(
            "coredns_dns_response_size_bytes", "How long answers were.", SIZES, "server", "zone", "view", "proto");
    private static final Metric RESPONSES =
            Metric.counter("coredns_dns_responses_total", "Answers.", "server", "zone", "view", "rcode", "plugin");
    private static final Metric FAILURES =
            Metric.counter("coredns_panics_total", "Queries at which the server failed by itself.");
    private static final Metric FORWARDED = Metric.histogram(
            "coredns_proxy_request_duration_seconds",
            "How long the host's name servers took.",
            TIMES,
            "proxy_name",
            "to",
            "rcode");

    private final Metrics metrics;
    private final LongSupplier nanos;
    private final String server;

    DnsMetrics(Metrics metrics, LongSupplier nanos, int port) {
        this.metrics = metrics;
        this.nanos = nanos;
        server = "dns://:" + port;
        for (var each : List.of(REQUESTS, DURATION, REQUEST_SIZE, RESPONSE_SIZE, RESPONSES, FORWARDED))
            metrics.declare(each);
        metrics.record(FAILURES.of(0));
    }

    long now() {
        return nanos.getAsLong();
    }

    private double seconds(long since) {
        return (now() - since) / 1e9;
    }

    void asked(InetAddress client, boolean tcp, int type, int bytes) {
        var family = client instanceof Inet6Address ? "2" : "1";
        metrics.record(REQUESTS.once(server, ZONE, VIEW, proto(tcp), family, type(type)));
        metrics.record(REQUEST_SIZE.of(bytes, server, ZONE, VIEW, proto(tcp)));
    }

    void answered(boolean tcp, int rcode, Plugin plugin, int bytes, long since) {
        metrics.record(RESPONSES.once(server, ZONE, VIEW, Rcode.string(rcode), plugin.label));
        metrics.record(RESPONSE_SIZE.of(bytes, server, ZONE, VIEW, proto(tcp)));
        metrics.record(DURATION.of(seconds(since), server, ZONE, VIEW));
    }

    void failed() {
        metrics.record(FAILURES.once());
    }

    void forwarded(InetSocketAddress to, int rcode, long since) {
        metrics.record(FORWARDED.of(
                seconds(since), "forward", to.getAddress().getHostAddress() + ":" + to.getPort(), Rcode.string(rcode)));
    }

    private static String proto(boolean tcp) {
        return tcp ? "tcp" : "udp";
    }

    private static String type(int type) {
        return TYPES.contains(type) ? Type.string(type) : OTHER;
    }
}
