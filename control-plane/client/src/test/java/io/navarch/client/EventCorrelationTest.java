package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.EventCorrelation.Subject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventCorrelationTest {
    private static final Subject PULL = new Subject("kubelet Pod/web", "Warning/Failed");

    private final EventCorrelation correlation = new EventCorrelation();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private EventCorrelation.Correlated said(Subject subject, String message) {
        return correlation.correlate(subject, message, now).orElse(null);
    }

    @Test
    void theSameIsCountedTogetherAndAnotherIsNot() {
        var first = said(PULL, "no image");
        assertThat(first.message()).isEqualTo("no image");
        assertThat(said(PULL, "no image")).isEqualTo(first);
        assertThat(said(PULL, "no room").identity()).isNotEqualTo(first.identity());
        assertThat(said(new Subject(PULL.object(), "Normal/Failed"), "no image").identity())
                .isNotEqualTo(first.identity());
    }

    @Test
    void manyThatDifferInTheirMessageBecomeOne() {
        for (int i = 0; i < 9; i++) assertThat(said(PULL, "try " + i).message()).isEqualTo("try " + i);
        var tenth = said(PULL, "try 9");
        assertThat(tenth.message()).isEqualTo("(combined from similar events): try 9");
        assertThat(said(PULL, "try 10").identity()).isEqualTo(tenth.identity());
        now = now.plus(Duration.ofMinutes(11));
        assertThat(said(PULL, "try 11").message()).isEqualTo("try 11");
    }

    @Test
    void anObjectThatNeverRestsIsHeardMoreSeldom() {
        for (int i = 0; i < 25; i++) assertThat(said(PULL, "again")).isNotNull();
        assertThat(said(PULL, "again")).isNull();
        // Others are not affected.
        assertThat(said(new Subject("kubelet Pod/other", "Warning/Failed"), "again"))
                .isNotNull();
        now = now.plus(Duration.ofMinutes(5));
        assertThat(said(PULL, "again")).isNotNull();
        assertThat(said(PULL, "again")).isNull();
    }
}
