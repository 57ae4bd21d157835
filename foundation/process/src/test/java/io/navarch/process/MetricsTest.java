package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void countersAddUpUnderExactlyTheirNames() {
        var changes = Metric.counter("endpoint_slice_controller_changes", "[ALPHA] Changes.", "operation");
        metrics.record(changes.once("create"));
        metrics.record(changes.of(2, "create"));
        metrics.record(changes.once("a \"b\\c\"\n"));
        assertThat(metrics.text().lines())
                .containsExactlyInAnyOrder(
                        "# HELP endpoint_slice_controller_changes [ALPHA] Changes.",
                        "# TYPE endpoint_slice_controller_changes counter",
                        "endpoint_slice_controller_changes{operation=\"create\"} 3",
                        "endpoint_slice_controller_changes{operation=\"a \\\"b\\\\c\\\"\\n\"} 1");
    }

    @Test
    void histogramsCountWhatIsNotAboveEachBound() {
        var took = Metric.histogram("took_seconds", "How long.", Metric.exponential(0.004, 2, 2));
        for (double value : new double[] {0.001, 0.004, 0.005, 7}) metrics.record(took.of(value));
        assertThat(metrics.text()).endsWith("""
                        took_seconds_bucket{le="0.004"} 2
                        took_seconds_bucket{le="0.008"} 3
                        took_seconds_bucket{le="+Inf"} 4
                        took_seconds_sum 7.01
                        took_seconds_count 4
                        """);
    }

    @Test
    void statesAreLookedUpWhenAskedFor() {
        var size = Metric.gauge("zone_size", "Nodes.", "zone");
        var sizes = new int[] {3};
        metrics.declare(size);
        assertThat(metrics.text()).endsWith("# TYPE zone_size gauge\n");
        metrics.registerGauges(() -> List.of(size.of(sizes[0], "a"), size.of(1, "b")));
        assertThat(metrics.text()).contains("zone_size{zone=\"a\"} 3\n", "zone_size{zone=\"b\"} 1\n");
        sizes[0] = 2;
        assertThat(metrics.text()).contains("zone_size{zone=\"a\"} 2\n");
    }

    @Test
    void whoeverChoosesTheLabelsOnlySoManyAreKeptApart() {
        var calls = Metric.counter("calls_total", "Calls.", "verb", "resource");
        for (int i = 0; i < Metrics.MOST_SERIES + 500; i++) metrics.record(calls.once("get", "r" + i));
        metrics.record(calls.once("get", "r7"));
        assertThat(metrics.text().lines().filter(line -> line.startsWith("calls_total{")))
                .hasSize(Metrics.MOST_SERIES + 1)
                .contains(
                        "calls_total{verb=\"get\",resource=\"r7\"} 2",
                        "calls_total{verb=\"other\",resource=\"other\"} 500");
        assertThat(metrics.text()).contains("navarch_metrics_overflow_total{metric=\"calls_total\"} 500\n");
    }

    @Test
    void numbersAreGos() {
        assertThat(List.of(3.0, 0.004, 1e-8, 1.5e-7, 1e21, 123456789012.0, 0.00012, -2.5e-9, 0.0))
                .extracting(Metrics::number)
                .containsExactly(
                        "3", "0.004", "1e-08", "1.5e-07", "1e+21", "1.23456789012e+11", "0.00012", "-2.5e-09", "0");
    }

    @Test
    void aSampleGivesEveryLabelAValue() {
        var metric = Metric.counter("c", "", "one", "two");
        assertThatThrownBy(() -> metric.once("a")).hasMessageContaining("labels [one, two]");
    }
}
