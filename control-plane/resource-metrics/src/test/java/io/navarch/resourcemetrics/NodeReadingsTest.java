package io.navarch.resourcemetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.ObjectKey;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeReadingsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final ObjectKey POD = new ObjectKey("shop", "web-1");

    private static final String TEXT = """
            # HELP node_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the node in core-seconds
            # TYPE node_cpu_usage_seconds_total counter
            node_cpu_usage_seconds_total 12.5 1893456001500
            node_memory_working_set_bytes 1.048576e+06 1893456001000
            container_start_time_seconds{container="app",namespace="shop",pod="web-1"} 1893455000.25
            container_cpu_usage_seconds_total{container="app",namespace="shop",pod="web-1"} 0.000000001 1893456000250
            container_memory_working_set_bytes{container="app",namespace="shop",pod="web-1"} 4096 1893456000250
            pod_cpu_usage_seconds_total{namespace="shop",pod="web-1"} 7 1893456000250
            """;

    @Test
    void nodeAndContainersAreRead() {
        var readings = NodeReadings.parse(TEXT, NOW);
        assertThat(readings.node())
                .hasValue(
                        new Reading(Instant.EPOCH, Instant.parse("2030-01-01T00:00:01.5Z"), 12_500_000_000L, 1 << 20));
        assertThat(readings.pods())
                .isEqualTo(Map.of(
                        POD,
                        Map.of(
                                "app",
                                new Reading(
                                        Instant.ofEpochSecond(1_893_455_000L, 250_000_000),
                                        Instant.parse("2030-01-01T00:00:00.250Z"),
                                        1,
                                        4096))));
    }

    @Test
    void whatIsMissingOrMakesNoSenseIsLeftOut() {
        var labels = "{container=\"app\",namespace=\"shop\",pod=\"web-1\"}";
        var text = String.join(
                "\n",
                "node_cpu_usage_seconds_total NaN",
                "node_memory_working_set_bytes 1",
                "container_start_time_seconds" + labels + " 1e999999999",
                "container_cpu_usage_seconds_total" + labels + " -1",
                "container_memory_working_set_bytes" + labels,
                "container_cpu_usage_seconds_total{",
                "}",
                "");
        var readings = NodeReadings.parse(text, NOW);
        assertThat(readings.node()).isEqualTo(Optional.empty());
        assertThat(readings.pods().values()).allMatch(Map::isEmpty);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e2147483647", "0e2147483647", "1e-2147483647", "1e16", "1 4102444800000", "1 -1"})
    void aNumberThatNoMachineHasReadIsNone(String said) {
        var text = "node_cpu_usage_seconds_total " + said + "\nnode_memory_working_set_bytes 1\n";
        assertThat(NodeReadings.parse(text, NOW).node()).isEmpty();
    }

    /// Such numbers take long to read, and a node may send many.
    @Test
    void aLongNumberIsNotRead() {
        var text = "node_cpu_usage_seconds_total 0." + "0".repeat(31) + "\nnode_memory_working_set_bytes 1\n";
        assertThat(NodeReadings.parse(text, NOW).node()).isEmpty();
    }
}
