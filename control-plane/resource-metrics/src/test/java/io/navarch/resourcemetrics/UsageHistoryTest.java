package io.navarch.resourcemetrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is told of readings, as metrics-server tells it.
class UsageHistoryTest {
    private static final Duration RESOLUTION = Duration.ofSeconds(15);
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final ObjectKey POD = new ObjectKey("shop", "web-1");
    private static final long SECOND = 1_000_000_000L;

    private UsageHistory history = UsageHistory.EMPTY;

    private static Reading at(long seconds, long cpu, long memory) {
        return started(0, seconds, cpu, memory);
    }

    private static Reading started(long start, long seconds, long cpu, long memory) {
        return new Reading(START.plusSeconds(start), START.plusSeconds(seconds), cpu, memory);
    }

    private void node(Reading reading) {
        history = history.next(Map.of("n", reading), Map.of(), RESOLUTION);
    }

    private void containers(Map<String, Reading> readings) {
        history = history.next(Map.of(), Map.of(POD, readings), RESOLUTION);
    }

    @Test
    void aNodeIsToldOfOnceItWasReadTwice() {
        node(at(100, 5 * SECOND, 1 << 20));
        assertThat(history.node("n")).isEmpty();
        node(at(116, 9 * SECOND, 3 << 20));
        var usage = history.node("n").orElseThrow();
        assertThat(usage.window()).isEqualTo(Duration.ofSeconds(16));
        assertThat(usage.time()).isEqualTo(START.plusSeconds(116));
        assertThat(usage.cores()).hasToString("250m");
        assertThat(usage.bytes()).hasToString("3Mi");
    }

    @Test
    void theSameReadingAgainChangesNothing() {
        node(at(100, 5 * SECOND, 1));
        node(at(116, 9 * SECOND, 1));
        var told = history.node("n");
        node(at(116, 9 * SECOND, 1));
        assertThat(history.node("n")).isEqualTo(told).isPresent();
    }

    @Test
    void ofANodeThatDoesNotAnswerNothingIsTold() {
        node(at(100, 5 * SECOND, 1));
        node(at(116, 9 * SECOND, 1));
        containers(Map.of());
        assertThat(history.node("n")).isEmpty();
    }

    @Test
    void aCounterThatWentBackTellsNothing() {
        node(at(100, 5 * SECOND, 1));
        node(at(116, 4 * SECOND, 1));
        assertThat(history.node("n")).isEmpty();
    }

    @Test
    void aPodIsToldOfWhenAllOfItsContainersAre() {
        containers(Map.of("app", at(100, SECOND, 10)));
        containers(Map.of("app", at(115, 2 * SECOND, 10), "side", at(114, SECOND, 20)));
        assertThat(history.pod(POD)).isEmpty();
        containers(Map.of("app", at(130, 3 * SECOND, 10), "side", at(129, 31 * SECOND, 2048)));
        var told = history.pod(POD).orElseThrow();
        assertThat(told.containers().keySet()).containsExactly("app", "side");
        assertThat(told.containers().get("side").cores()).hasToString("2");
        assertThat(told.containers().get("side").bytes()).hasToString("2Ki");
        assertThat(told.earliest().time()).isEqualTo(START.plusSeconds(129));
    }

    @Test
    void aYoungContainerIsToldOfSinceItsStart() {
        containers(Map.of("app", started(100, 112, 6 * SECOND, 10)));
        var told = history.pod(POD).orElseThrow();
        assertThat(told.earliest().window()).isEqualTo(Duration.ofSeconds(12));
        assertThat(told.containers().get("app").cores()).hasToString("500m");
    }

    @Test
    void aContainerThatWasStartedAgainBeginsAnew() {
        containers(Map.of("app", at(100, 50 * SECOND, 10)));
        containers(Map.of("app", started(108, 115, SECOND, 10)));
        assertThat(history.pod(POD)).isEmpty();
        containers(Map.of("app", started(108, 130, 16 * SECOND, 10)));
        assertThat(history.pod(POD).orElseThrow().containers().get("app").cores())
                .hasToString("1");
    }

    @Test
    void fractionsOfAProcessorAreToldInBillionths() {
        assertThat(new Usage(START, RESOLUTION, 1_234_567, 1025).cores()).hasToString("1234567n");
        assertThat(new Usage(START, RESOLUTION, 0, 1025).bytes()).hasToString("1025");
    }
}
