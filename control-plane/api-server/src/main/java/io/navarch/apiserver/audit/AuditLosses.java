package io.navarch.apiserver.audit;

import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts events that did not come to where they were to go, and says so in the log, though not once for each.
public final class AuditLosses {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLosses.class);
    private static final Metric ERRORS =
            Metric.counter("apiserver_audit_error_total", "[ALPHA] Events that could not be written down.", "plugin");
    private static final long PAUSE = Duration.ofSeconds(5).toNanos();

    /// @param quiet until when nothing more is said
    /// @param untold events that nothing was said of
    private record Told(long quiet, long untold) {}

    private final Metrics metrics;
    private final LongSupplier nanos;
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    /// @param nanos of a clock that nobody can set
    public AuditLosses(Metrics metrics, LongSupplier nanos) {
        this.metrics = metrics;
        this.nanos = nanos;
        metrics.declare(ERRORS);
    }

    /// @param plugin who has lost them, as the metric calls it
    /// @param why in words, which may be somebody else's
    void lost(String plugin, int events, String why) {
        metrics.record(ERRORS.of(events, plugin));
        long now = nanos.getAsLong();
        told.compute(plugin, (name, before) -> {
            long untold = events + (before == null ? 0 : before.untold);
            if (before != null && now - before.quiet < 0) return new Told(before.quiet, untold);
            LOG.error("Error in audit plugin '{}' affecting {} audit events: {}", name, untold, why);
            return new Told(now + PAUSE, 0);
        });
    }
}
