package io.navarch.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class GraceTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final Grace grace = new Grace(30, now::get);

    @Test
    void runsOutAndLeavesATimeToEndWell() {
        assertThat(grace.left()).isEqualTo(30);
        now.set(Instant.EPOCH.plusSeconds(20));
        assertThat(grace.left()).isEqualTo(10);
        assertThat(grace.over()).isFalse();
        now.set(Instant.EPOCH.plusSeconds(30));
        assertThat(grace.over()).isTrue();
        assertThat(grace.left()).isEqualTo(2);
    }

    @Test
    void onlyGetsShorter() {
        now.set(Instant.EPOCH.plusSeconds(20));
        assertThat(grace.shorten(10)).isFalse();
        assertThat(grace.shorten(5)).isTrue();
        assertThat(grace.left()).isEqualTo(5);
        now.set(Instant.EPOCH.plusSeconds(25));
        assertThat(grace.over()).isTrue();
    }
}
