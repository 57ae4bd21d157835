package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Options;
import io.navarch.resourcemetrics.UsageBucket;
import io.navarch.resourcemetrics.UsageBucket.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TopReportTest {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final Duration MINUTES = Duration.ofMinutes(5);

    /// An hour in which one node works always more, and another ends half-way.
    private static TopReport hour() {
        var buckets = new ArrayList<UsageBucket>();
        for (int i = 0; i < 12; i++) {
            var nodes = new HashMap<String, Taken>();
            nodes.put("one", new Taken(100L * (i + 1), 512L << 20));
            if (i < 6) nodes.put("the-other", new Taken(2000, (long) i << 30));
            var pods = Map.of("a/big", new Taken(80, 64 << 20), "b/small", new Taken(i % 2 * 10L, 8 << 20));
            buckets.add(new UsageBucket(NOON.plus(MINUTES.multipliedBy(i)), 300, 300L * (i % 4), nodes, pods));
        }
        return new TopReport(buckets, MINUTES, NOON, NOON.plus(Duration.ofHours(1)));
    }

    @Test
    void nodes() {
        assertThat(hour().nodes())
                .containsExactly(
                        "NODE         NOW    AVG    MAX  CPU (CORES)",
                        "the-other      -  2000m  2000m  ██████",
                        "one        1200m   650m  1200m  ▁▂▃▃▄▅▅▆▇▇██",
                        "",
                        "NODE         NOW     AVG     MAX  MEMORY",
                        "the-other      -  2560Mi  5120Mi  ▁▂▄▅▇█",
                        "one        512Mi   512Mi   512Mi  ████████████");
    }

    @Test
    void podsOfANamespaceAndThoseThatTakeMost() {
        assertThat(hour().pods("", 1))
                .containsExactly(
                        "POD    NOW  AVG  MAX  CPU (CORES)",
                        "a/big  80m  80m  80m  ████████████",
                        "",
                        "POD     NOW   AVG   MAX  MEMORY",
                        "a/big  64Mi  64Mi  64Mi  ████████████");
        assertThat(hour().pods("b", 20).getFirst()).isEqualTo("POD    NOW  AVG  MAX  CPU (CORES)");
        assertThat(hour().pods("b", 20).get(1)).isEqualTo("small  10m   5m  10m  ▁█▁█▁█▁█▁█▁█");
        assertThat(hour().pods("c", 20)).containsExactly("no pod was measured", "", "no pod was measured");
    }

    @Test
    void theServer() {
        assertThat(hour().server())
                .containsExactly("SERVER  NOW  AVG  MAX  REQUESTS PER SECOND", "api     3.0  1.5  3.0  ▁▃▆█▁▃▆█▁▃▆█");
    }

    /// A day has more parts than a line has room for.
    @Test
    void aDayIsAsWideAsAnHourWouldBe() {
        var day = new TopReport(
                hour().buckets(), MINUTES, NOON.minus(Duration.ofHours(23)), NOON.plus(Duration.ofHours(1)));
        assertThat(day.nodes().get(1)).isEqualTo("the-other     -  2000m  2000m  " + " ".repeat(46) + "█");
        assertThat(day.nodes().get(2)).isEqualTo("one        950m   650m   950m  " + " ".repeat(46) + "▃█");
    }

    @Test
    void nothingIsALowLine() {
        assertThat(Sparkline.of(List.of(OptionalDouble.of(0), OptionalDouble.empty(), OptionalDouble.of(0))))
                .isEqualTo("▁ ▁");
    }

    @Test
    void wrongWordsAreNamed() {
        assertThatThrownBy(() -> TopCommand.run(List.of("node"), Map.of()))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining("did you mean nodes?");
        assertThatThrownBy(() -> TopCommand.run(List.of("--since", "2d"), Map.of()))
                .hasMessageContaining("--since must be such as 6h: time: ");
        assertThatThrownBy(() -> TopCommand.run(List.of("--since", "25h"), Map.of()))
                .hasMessage("--since must be from 5m to 24h, not 25h");
    }
}
