package io.navarch.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.Metrics;
import io.navarch.process.pages.Page;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {
    private final Metrics metrics = new Metrics();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private boolean eligible = true;
    private final ProxyMetrics proxy = new ProxyMetrics(metrics, () -> now);
    private final ProxyHealthPages pages = new ProxyHealthPages(metrics, proxy, () -> eligible);

    private Page get(String path) {
        return pages.answer(Page.Request.get(path));
    }

    private void write() {
        proxy.taken();
        proxy.written(false, 3_000_000);
    }

    @Test
    void changesWaitUntilTheyAreWritten() {
        proxy.serviceChanged();
        proxy.endpointsChanged();
        proxy.endpointsChanged();
        proxy.queued();
        assertThat(metrics.text().lines())
                .contains(
                        "kubeproxy_sync_proxy_rules_endpoint_changes_pending 2",
                        "kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds{ip_family=\"IPv4\"} 1.893456e+09");
        now = now.plusSeconds(5);
        write();
        assertThat(metrics.text().lines())
                .contains(
                        "kubeproxy_sync_proxy_rules_endpoint_changes_pending 0",
                        "kubeproxy_sync_proxy_rules_endpoint_changes_total 2",
                        "kubeproxy_sync_proxy_rules_service_changes_total 1",
                        "kubeproxy_sync_proxy_rules_duration_seconds_sum{ip_family=\"IPv4\"} 0.003",
                        "kubeproxy_sync_partial_proxy_rules_duration_seconds_count{ip_family=\"IPv4\"} 1",
                        "kubeproxy_sync_proxy_rules_last_timestamp_seconds{ip_family=\"IPv4\"} 1.893456005e+09");
    }

    @Test
    void whatIsNotWrittenInAMinuteIsLate() {
        proxy.queued();
        now = now.plusSeconds(100);
        assertThat(get("/healthz").status()).as("it starts").isEqualTo(200);
        write();
        proxy.queued();
        now = now.plusSeconds(59);
        proxy.queued();
        assertThat(get("/livez").status()).isEqualTo(200);
        now = now.plusSeconds(1);
        var late = get("/healthz");
        assertThat(late.status()).isEqualTo(503);
        assertThat(new String(late.body(), StandardCharsets.UTF_8))
                .contains("\"lastUpdated\":\"2030-01-01T00:01:40Z\"", "\"nodeEligible\":true");
        assertThat(get("/livez").status()).isEqualTo(503);
        write();
        assertThat(get("/healthz").status()).isEqualTo(200);
        assertThat(metrics.text().lines())
                .contains(
                        "kubeproxy_proxy_healthz_total{code=\"503\"} 1", "kubeproxy_proxy_livez_total{code=\"200\"} 1");
    }

    /// It lives, but nobody is to begin anything with it.
    @Test
    void aNodeThatGoesTakesNoNewConnections() {
        eligible = false;
        assertThat(get("/healthz").status()).isEqualTo(503);
        assertThat(get("/livez").status()).isEqualTo(200);
        assertThat(new String(get("/livez").body(), StandardCharsets.UTF_8)).doesNotContain("nodeEligible");
        assertThat(get("/metrics").status()).isEqualTo(404);
    }
}
