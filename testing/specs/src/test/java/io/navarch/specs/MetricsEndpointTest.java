package io.navarch.specs;

import static io.navarch.specs.PlaneUnderTest.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `/metrics` in the text format that Prometheus reads.
class MetricsEndpointTest {
    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest();

    @Test
    void metricsCanBeReadLineByLine() {
        var lines = eventually(
                        () -> View.of(
                                new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8)),
                        text -> text.string().contains("root_ca_cert_publisher_sync_total{"))
                .string()
                .lines()
                .toList();
        var sample = Pattern.compile(
                "([a-z_]+)(\\{([a-zA-Z_]+=\"([^\"\\\\]|\\\\.)*\",?)+})? (-?[0-9.]+(e[-+][0-9]{2,})?|NaN|\\+Inf)");
        var told = new HashSet<String>();
        var types = new HashSet<String>();
        for (var line : lines) {
            if (line.startsWith("# TYPE ")) assertThat(types.add(line)).as(line).isTrue();
            if (line.startsWith("#")) continue;
            assertThat(line).matches(sample);
            assertThat(told.add(line.substring(0, line.lastIndexOf(' '))))
                    .as(line)
                    .isTrue();
        }
        assertThat(types)
                .contains(
                        "# TYPE job_controller_job_sync_duration_seconds histogram",
                        "# TYPE node_collector_evictions_total counter",
                        "# TYPE endpoint_slice_controller_changes counter",
                        "# TYPE workqueue_depth gauge",
                        "# TYPE process_cpu_seconds_total counter");
        assertThat(lines).contains("node_ipam_controller_cirdset_max_cidrs{clusterCIDR=\"10.244.0.0/16\"} 256");
        assertThat(told)
                .contains(
                        "workqueue_adds_total{name=\"serviceaccount\"}",
                        "workqueue_queue_duration_seconds_bucket{name=\"serviceaccount\",le=\"9.999999999999999e-06\"}",
                        "root_ca_cert_publisher_sync_total{code=\"200\"}");
    }
}
