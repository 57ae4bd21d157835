package io.navarch.apiserver.audit;

import io.navarch.apiserver.request.ApiRequest;
import io.navarch.apiserver.request.AuditLevel;
import io.navarch.objects.ApiException;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.schema.admission.User;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Writes down what the policy wants of each call.
public final class Auditor implements AutoCloseable {
    private static final Metric EVENTS =
            Metric.counter("apiserver_audit_event_total", "[ALPHA] Events of calls that were written down.");
    private static final Metric REJECTED = Metric.counter(
            "apiserver_audit_requests_rejected_total",
            "[ALPHA] Calls that were refused because they could not be written down.");
    private static final Metric LEVELS =
            Metric.counter("apiserver_audit_level_total", "[ALPHA] Calls by how much of them is written.", "level");
    /// Whoever may not call has no level of his own.
    private static final User NOBODY = new User("", "", List.of(), Map.of());

    /// @param policy without which nothing is written
    /// @param backends each of which gets every event
    public record Configuration(Optional<AuditPolicy> policy, List<AuditBackend> backends) {
        public static final Configuration OFF = new Configuration(Optional.empty(), List.of());
    }

    private final Configuration configuration;
    private final Metrics metrics;
    private final InstantSource clock;
    private final LongSupplier nanos;

    /// @param nanos of a clock that nobody can set
    public Auditor(Configuration configuration, Metrics metrics, InstantSource clock, LongSupplier nanos) {
        this.configuration = configuration;
        this.metrics = metrics;
        this.clock = clock;
        this.nanos = nanos;
        metrics.record(EVENTS.of(0));
        metrics.record(REJECTED.of(0));
    }

    /// Whether anything is ever written.
    public boolean on() {
        return configuration.policy.isPresent() && !configuration.backends.isEmpty();
    }

    /// A call whose caller is known begins.
    ///
    /// @return empty when nothing is written of it
    public Optional<AuditedCall> begin(ApiRequest request) {
        if (!on()) return Optional.empty();
        var decision = configuration.policy.orElseThrow().decide(request.user(), request.info());
        metrics.record(LEVELS.once(decision.level().text()));
        if (decision.level() == AuditLevel.NONE) return Optional.empty();
        return Optional.of(new AuditedCall(request, request.user(), decision, this::write, clock, nanos));
    }

    /// Nobody knows who calls.
    public void unknown(ApiRequest request, ApiException refusal) {
        if (!on()) return;
        var decision = configuration.policy.orElseThrow().decide(NOBODY, request.info());
        metrics.record(LEVELS.once(decision.level().text()));
        if (decision.level() == AuditLevel.NONE) return;
        var call = new AuditedCall(request, NOBODY, decision, this::write, clock, nanos);
        call.record().answered(refusal.status());
        call.write(AuditStage.RESPONSE_STARTED, Optional.of(AuditedCall.status(refusal.code(), call.record())));
    }

    /// A call has been refused because it could not be written down.
    public void rejected() {
        metrics.record(REJECTED.once());
    }

    private boolean write(AuditEntry entry) {
        metrics.record(EVENTS.once());
        boolean taken = true;
        for (var backend : configuration.backends) taken &= backend.take(entry);
        return taken;
    }

    @Override
    public void close() throws IOException {
        @Nullable IOException failed = null;
        for (var backend : configuration.backends) {
            try {
                backend.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        if (failed != null) throw failed;
    }
}
