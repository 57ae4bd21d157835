package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.RuntimeState.Container;
import io.navarch.agent.decide.RuntimeState.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CrashesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static RuntimeState ended(int attempt, Duration after) {
        return new RuntimeState(
                List.of(),
                List.of(new Container(
                        "c" + attempt,
                        "box",
                        "c",
                        attempt,
                        "hash",
                        Phase.EXITED,
                        START.plusSeconds(attempt),
                        Optional.of(START),
                        START.plus(after),
                        1,
                        "",
                        "",
                        "image",
                        "ref")));
    }

    @Test
    void eachEndCountsOnceHoweverOftenItIsSeen() {
        var once = Crashes.NONE.with(ended(0, Duration.ofSeconds(1)));
        assertThat(once.of("c")).isEqualTo(1);
        assertThat(once.with(ended(0, Duration.ofSeconds(1)))).isSameAs(once);
        assertThat(once.with(ended(1, Duration.ofSeconds(1))).of("c")).isEqualTo(2);
    }

    @Test
    void aContainerThatRanLongBeginsANewRow() {
        var thrice = Crashes.NONE
                .with(ended(0, Duration.ofSeconds(1)))
                .with(ended(1, Duration.ofSeconds(1)))
                .with(ended(2, Duration.ofSeconds(1)));
        assertThat(thrice.of("c")).isEqualTo(3);
        assertThat(thrice.with(ended(3, Duration.ofMinutes(11))).of("c")).isEqualTo(1);
    }

    @Test
    void anAgentThatStartsAnewKnowsThePastByTheAttempt() {
        assertThat(Crashes.NONE.with(ended(4, Duration.ofSeconds(1))).of("c")).isEqualTo(5);
        assertThat(Crashes.NONE.with(ended(100, Duration.ofSeconds(1))).of("c")).isEqualTo(7);
    }

    @Test
    void whatNeverEndedHasNotCrashed() {
        assertThat(Crashes.NONE.with(RuntimeState.NOTHING)).isSameAs(Crashes.NONE);
        assertThat(Crashes.NONE.of("c")).isZero();
    }
}
