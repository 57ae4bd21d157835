package io.navarch.apps;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/// Until when a node's certificates hold.
///
/// @param client by which it calls the API; a node in the server's process needs none
/// @param serving what its own API shows
/// @param clientFailures how often it could not be replaced
/// @param servingFailures the same
record CertificateTimes(
        Optional<Instant> client, Optional<Instant> serving, long clientFailures, long servingFailures) {
    private static final Metric CLIENT = Metric.gauge(
            "kubelet_certificate_manager_client_ttl_seconds",
            "[ALPHA] How long the certificate holds by which the node calls the API; negative when it has ended.");
    private static final Metric SERVING = Metric.gauge(
            "kubelet_certificate_manager_server_ttl_seconds",
            "[ALPHA] How long the certificate holds that the node shows; negative when it has ended.");
    private static final Metric CLIENT_FAILURES = Metric.counter(
            "kubelet_certificate_manager_client_expiration_renew_errors",
            "[ALPHA] How often the certificate by which the node calls the API could not be replaced.");
    private static final Metric SERVING_FAILURES = Metric.counter(
            "kubelet_server_expiration_renew_errors",
            "[ALPHA] How often the certificate that the node shows could not be replaced.");

    /// Tells of them whenever somebody asks.
    static void tell(Metrics metrics, Supplier<CertificateTimes> times, InstantSource clock) {
        metrics.registerGauges(() -> times.get().samples(clock.instant()));
    }

    private Collection<Metric.Sample> samples(Instant now) {
        var samples = new ArrayList<Metric.Sample>();
        client.ifPresent(end -> samples.add(CLIENT.of(seconds(now, end))));
        serving.ifPresent(end -> samples.add(SERVING.of(seconds(now, end))));
        samples.add(CLIENT_FAILURES.of(clientFailures));
        samples.add(SERVING_FAILURES.of(servingFailures));
        return samples;
    }

    private static double seconds(Instant now, Instant end) {
        return (end.toEpochMilli() - now.toEpochMilli()) / 1000.0;
    }
}
