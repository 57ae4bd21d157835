package io.navarch.apiserver.stages;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.schema.admission.User;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// Counts who was known and who was allowed. Few are named: clients choose what they are called.
public final class AccessMetrics {
    private static final double NANOS = 1e9;
    private static final String RESULT = "result";
    private static final Set<String> TOLD =
            Set.of("admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default");
    private static final List<Double> SECONDS = Metric.exponential(0.001, 2, 15);
    private static final Metric USERS =
            Metric.counter("authenticated_user_requests", "[ALPHA] Requests of those who are known.", "username");
    private static final Metric ATTEMPTS =
            Metric.counter("authentication_attempts", "[ALPHA] Requests whose callers were looked for.", RESULT);
    private static final Metric KNOWN = Metric.histogram(
            "authentication_duration_seconds", "[ALPHA] How long it took to know a caller.", SECONDS, RESULT);
    private static final Metric DECISIONS =
            Metric.counter("authorization_attempts_total", "[ALPHA] Requests that were decided on.", RESULT);
    private static final Metric DECIDED =
            Metric.histogram("authorization_duration_seconds", "[ALPHA] How long decisions took.", SECONDS, RESULT);

    private static final Metric CERTIFICATES = Metric.histogram(
            "apiserver_client_certificate_expiration_seconds",
            "[ALPHA] How long the certificates hold that clients show.",
            List.of(
                    0.0,
                    1800.0,
                    3600.0,
                    7200.0,
                    21_600.0,
                    43_200.0,
                    86_400.0,
                    172_800.0,
                    345_600.0,
                    604_800.0,
                    2_592_000.0,
                    7_776_000.0,
                    15_552_000.0,
                    31_104_000.0));

    private final Metrics metrics;
    private final LongSupplier nanos;
    private final InstantSource clock;

    /// @param nanos of a clock that nobody can set
    public AccessMetrics(Metrics metrics, LongSupplier nanos, InstantSource clock) {
        this.metrics = metrics;
        this.nanos = nanos;
        this.clock = clock;
        metrics.declare(CERTIFICATES);
    }

    long now() {
        return nanos.getAsLong();
    }

    /// @param user empty when nothing was shown to know one by
    void authenticated(Optional<User> user, long since) {
        attempted(user.isPresent() ? "success" : "failure", since);
        user.ifPresent(known -> metrics.record(USERS.once(category(known.name()))));
    }

    /// Somebody who is known showed a certificate.
    void shown(X509Certificate certificate) {
        long left = certificate.getNotAfter().toInstant().toEpochMilli() - clock.millis();
        metrics.record(CERTIFICATES.of(left / 1000.0));
    }

    /// What was shown is not valid.
    void refused(long since) {
        attempted("error", since);
    }

    private void attempted(String result, long since) {
        metrics.record(ATTEMPTS.once(result));
        metrics.record(KNOWN.of((now() - since) / NANOS, result));
    }

    /// The names that the original tells, and what it makes of others.
    private static String category(String name) {
        if (TOLD.contains(name)) return name;
        return name.contains("@") ? "email_id" : "other";
    }

    void decided(String result, long since) {
        metrics.record(DECISIONS.once(result));
        metrics.record(DECIDED.of((now() - since) / NANOS, result));
    }
}
