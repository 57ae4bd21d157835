package io.navarch.controllers.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Lease;
import io.navarch.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final Node NODE =
            Node.builder().metadata(meta -> meta.name("n").uid("u")).build();

    private long now;
    private final Heartbeats heartbeats = new Heartbeats(() -> now);

    private Duration silence(Node node, Instant renewed) {
        return heartbeats.silence(
                node, Lease.builder().spec(spec -> spec.renewTime(renewed)).build());
    }

    private void pass(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void silenceIsWhatHasPassedHere() {
        assertThat(silence(NODE, LONG_AGO)).isZero();
        pass(30);
        assertThat(silence(NODE, LONG_AGO)).hasSeconds(30);
        // A clock that goes wrong still says something new.
        assertThat(silence(NODE, LONG_AGO.minusSeconds(1))).isZero();
        pass(7);
        assertThat(silence(NODE, LONG_AGO.minusSeconds(1))).hasSeconds(7);
    }

    @Test
    void anotherNodeOfThatNameIsNew() {
        silence(NODE, LONG_AGO);
        pass(60);
        assertThat(silence(
                        Node.builder().metadata(meta -> meta.name("n").uid("v")).build(), LONG_AGO))
                .isZero();
    }

    @Test
    void whatIsForgottenIsNewAgain() {
        silence(NODE, LONG_AGO);
        pass(60);
        heartbeats.forget("n");
        assertThat(silence(NODE, LONG_AGO)).isZero();
    }
}
