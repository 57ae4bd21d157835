package io.navarch.serviceproxy;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// How the proxy fares: what it counts under kube-proxy's names, and since when changes wait.
///
/// Source: https://kubernetes.io/docs/reference/instrumentation/metrics/ (`kubeproxy_*`)
public final class ProxyMetrics {
    /// Changes that wait longer than that wait for something that does not happen, as in kube-proxy.
    private static final Duration LATE = Duration.ofSeconds(60);

    private static final String FAMILY = "ip_family";
    private static final String IPV4 = "IPv4";
    private static final List<Double> BOUNDS = Metric.exponential(0.001, 2, 15);
    private static final Metric SYNC = Metric.histogram(
            "kubeproxy_sync_proxy_rules_duration_seconds", "[ALPHA] How long it took to write rules.", BOUNDS, FAMILY);
    private static final Metric FULL = Metric.histogram(
            "kubeproxy_sync_full_proxy_rules_duration_seconds",
            "[ALPHA] How long it took to write all rules.",
            BOUNDS,
            FAMILY);
    private static final Metric PARTIAL = Metric.histogram(
            "kubeproxy_sync_partial_proxy_rules_duration_seconds",
            "[ALPHA] How long it took to write those rules that changed.",
            BOUNDS,
            FAMILY);
    private static final Metric FAILURES = Metric.counter(
            "kubeproxy_sync_proxy_rules_nftables_sync_failures_total",
            "[ALPHA] How often nftables did not take rules.",
            FAMILY);
    private static final Metric WRITTEN = Metric.gauge(
            "kubeproxy_sync_proxy_rules_last_timestamp_seconds", "[ALPHA] When rules were written last.", FAMILY);
    private static final Metric QUEUED = Metric.gauge(
            "kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds",
            "[ALPHA] When something changed last that concerns rules.",
            FAMILY);
    private static final Metric SERVICES = Metric.counter(
            "kubeproxy_sync_proxy_rules_service_changes_total", "[ALPHA] Changes of Services that were seen.");
    private static final Metric ENDPOINTS = Metric.counter(
            "kubeproxy_sync_proxy_rules_endpoint_changes_total", "[ALPHA] Changes of endpoints that were seen.");
    private static final Metric SERVICES_PENDING = Metric.gauge(
            "kubeproxy_sync_proxy_rules_service_changes_pending", "[ALPHA] Changes of Services that wait.");
    private static final Metric ENDPOINTS_PENDING = Metric.gauge(
            "kubeproxy_sync_proxy_rules_endpoint_changes_pending", "[ALPHA] Changes of endpoints that wait.");

    private final Metrics metrics;
    private final InstantSource clock;
    private Optional<Instant> written = Optional.empty();
    private Optional<Instant> queued = Optional.empty();
    private Optional<Instant> oldest = Optional.empty();
    private int servicesPending;
    private int endpointsPending;

    public ProxyMetrics(Metrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        for (var each : List.of(SYNC, FULL, PARTIAL)) metrics.declare(each);
        metrics.record(FAILURES.of(0, IPV4));
        metrics.record(SERVICES.of(0));
        metrics.record(ENDPOINTS.of(0));
        metrics.registerGauges(this::gauges);
    }

    private synchronized Collection<Metric.Sample> gauges() {
        var samples =
                new ArrayList<>(List.of(SERVICES_PENDING.of(servicesPending), ENDPOINTS_PENDING.of(endpointsPending)));
        written.ifPresent(time -> samples.add(WRITTEN.of(seconds(time), IPV4)));
        queued.ifPresent(time -> samples.add(QUEUED.of(seconds(time), IPV4)));
        return samples;
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }

    void serviceChanged() {
        metrics.record(SERVICES.once());
        synchronized (this) {
            servicesPending++;
        }
    }

    void endpointsChanged() {
        metrics.record(ENDPOINTS.once());
        synchronized (this) {
            endpointsPending++;
        }
    }

    /// Something is to be written.
    synchronized void queued() {
        var now = clock.instant();
        queued = Optional.of(now);
        if (oldest.isEmpty()) oldest = queued;
    }

    /// What waited is being written; what comes now waits for the next time.
    synchronized void taken() {
        servicesPending = 0;
        endpointsPending = 0;
    }

    /// @param whole whether all rules were written
    void written(boolean whole, long nanos) {
        metrics.record(SYNC.of(nanos / 1e9, IPV4));
        metrics.record((whole ? FULL : PARTIAL).of(nanos / 1e9, IPV4));
        synchronized (this) {
            written = Optional.of(clock.instant());
            oldest = Optional.empty();
        }
    }

    void failed() {
        metrics.record(FAILURES.once(IPV4));
    }

    /// How it is at this moment.
    ///
    /// @param updated when rules were written last; empty when they never were
    public record State(boolean healthy, Optional<Instant> updated, Instant now) {}

    public synchronized State state() {
        var now = clock.instant();
        boolean late = oldest.isPresent() && !now.isBefore(oldest.get().plus(LATE));
        // While it starts it is not late.
        return new State(written.isEmpty() || !late, written, now);
    }
}
