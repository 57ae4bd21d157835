package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.RuntimeWatch.Step;
import io.navarch.process.Restarts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeWatchTest {
    private static RuntimeWatch running(long since) {
        return new RuntimeWatch(false, 0, Restarts.NONE).started(since);
    }

    /// How long after a death the next start comes.
    private static long pause(RuntimeWatch dead) {
        for (long at = dead.since(); ; at += 500) if (dead.step(false, 0, at) == Step.START) return at - dead.since();
    }

    @Test
    void whatRunsAndAnswersIsLeftAlone() {
        assertThat(running(0).step(true, 0, 59_000)).isEqualTo(Step.NOTHING);
        assertThat(running(0).step(true, 100_000, 159_000)).isEqualTo(Step.NOTHING);
        // Its predecessor's answer does not count, nor is it late before it could speak.
        assertThat(running(100_000).step(true, 10_000, 159_000)).isEqualTo(Step.NOTHING);
    }

    @Test
    void silenceOfAMinuteEndsIt() {
        assertThat(running(0).step(true, 0, 60_000)).isEqualTo(Step.KILL);
        assertThat(running(0).step(true, 100_000, 160_000)).isEqualTo(Step.KILL);
    }

    @Test
    void aDeathIsNotedBeforeTheNextStart() {
        assertThat(running(0).step(false, 0, 5)).isEqualTo(Step.NOTE_DEATH);
        assertThat(running(0).died(5).step(false, 0, 5)).isEqualTo(Step.START);
    }

    @Test
    void deathsOneSoonAfterTheOtherAreFollowedByLongerPauses() {
        var pauses = new ArrayList<Long>();
        var watch = running(0);
        for (int i = 1; i <= 8; i++) {
            watch = watch.died(i * 1_000L);
            pauses.add(pause(watch));
            // Half of them cannot even be started.
            if (i % 2 == 0) watch = watch.started(i * 1_000L);
        }
        assertThat(pauses).isEqualTo(List.of(0L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L));
        assertThat(watch.restarts().total()).isEqualTo(8);
        watch = watch.started(10_000).died(70_000);
        assertThat(pause(watch)).isZero();
        assertThat(watch.restarts().total()).isEqualTo(9);
    }
}
