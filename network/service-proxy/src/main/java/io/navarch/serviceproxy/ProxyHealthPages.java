package io.navarch.serviceproxy;

import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.process.Metric;
import io.navarch.process.Metrics;
import io.navarch.process.pages.Page;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What load balancers ask whether this node's proxy works: `/healthz` and `/livez`, as kube-proxy answers them.
public final class ProxyHealthPages {
    private static final String NEVER = "0001-01-01T00:00:00Z";
    private static final Metric HEALTH = Metric.counter(
            "kubeproxy_proxy_healthz_total", "[ALPHA] What whoever asked for /healthz was told.", "code");
    private static final Metric LIFE =
            Metric.counter("kubeproxy_proxy_livez_total", "[ALPHA] What whoever asked for /livez was told.", "code");

    private final Metrics metrics;
    private final ProxyMetrics proxy;
    private final BooleanSupplier eligible;

    /// @param eligible whether new connections may be sent to this node, which is not about to go
    public ProxyHealthPages(Metrics metrics, ProxyMetrics proxy, BooleanSupplier eligible) {
        this.metrics = metrics;
        this.proxy = proxy;
        this.eligible = eligible;
        metrics.declare(HEALTH);
        metrics.declare(LIFE);
    }

    public Page answer(Page.Request request) {
        return switch (request.path()) {
            case "/healthz" -> answer(HEALTH, Optional.of(eligible.getAsBoolean()));
            case "/livez" -> answer(LIFE, Optional.empty());
            default -> Page.text(404, "404 page not found\n");
        };
    }

    private Page answer(Metric counted, Optional<Boolean> eligible) {
        var state = proxy.state();
        boolean healthy = state.healthy() && eligible.orElse(true);
        int status = healthy ? 200 : 503;
        metrics.record(counted.once(String.valueOf(status)));
        var updated = state.updated().map(Instant::toString).orElse(NEVER);
        var body = Trees.map(
                "lastUpdated",
                healthy ? state.now().toString() : updated,
                "currentTime",
                state.now().toString());
        eligible.ifPresent(value -> body.put("nodeEligible", value));
        body.put("healthy", healthy);
        if (state.updated().isPresent())
            body.put("status", Trees.map("IPv4", Trees.map("lastUpdated", updated, "healthy", state.healthy())));
        return new Page(status, "application/json", Map.of("X-Content-Type-Options", "nosniff"), Json.write(body));
    }
}
