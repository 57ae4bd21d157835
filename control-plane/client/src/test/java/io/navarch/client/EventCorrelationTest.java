package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.EventCorrelation.Correlated;
import io.navarch.client.EventCorrelation.Told;
import io.navarch.model.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is expected is what client-go's correlator does with the same events at the same times.
class EventCorrelationTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final EventCorrelation correlation = new EventCorrelation();
    private Instant now = START;

    private static EventSubject pod(String name) {
        return new EventSubject("v1", "Pod", "ns", name, "u", "7", "");
    }

    private Optional<Correlated> tell(String pod, EventType type, String reason, String message) {
        return correlation.correlate(new Told(pod(pod), type, reason, message), now);
    }

    private Optional<Correlated> tell(String message) {
        return tell("web", EventType.WARNING, "Failed", message);
    }

    private Correlated said(String message) {
        return tell(message).orElseThrow();
    }

    @Test
    void theSameIsCountedUnderItsFirstNameAndTime() {
        var first = said("no image");
        assertThat(first.again()).isFalse();
        now = now.plusSeconds(60);
        var second = said("no image");
        assertThat(second).isEqualTo(new Correlated(first.name(), 2, START, "no image"));
        assertThat(said("no room").count()).isEqualTo(1);
        assertThat(tell("web", EventType.NORMAL, "Failed", "no image")
                        .orElseThrow()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void manyThatDifferInTheirMessageBecomeOne() {
        for (int i = 0; i < 9; i++) assertThat(said("try " + i).message()).isEqualTo("try " + i);
        var tenth = said("try 9");
        assertThat(tenth.message()).isEqualTo("(combined from similar events): try 9");
        assertThat(tenth.count()).isEqualTo(1);
        assertThat(said("try 10"))
                .isEqualTo(new Correlated(tenth.name(), 2, START, "(combined from similar events): try 10"));
        now = now.plus(Duration.ofMinutes(10)).plusMillis(1);
        assertThat(said("try 11").message()).isEqualTo("try 11");
    }

    /// Up to ten minutes after the last one they are similar, and each begins the ten minutes anew.
    @Test
    void similarOnesMayBeFarApart() {
        for (int i = 0; i < 9; i++) {
            said("try " + i);
            now = now.plus(Duration.ofMinutes(10));
        }
        assertThat(said("try 9").message()).isEqualTo("(combined from similar events): try 9");
    }

    @Test
    void anObjectThatNeverRestsIsHeardMoreSeldomAndIsCountedAllTheSame() {
        for (int i = 1; i <= 25; i++) assertThat(said("again").count()).isEqualTo(i);
        for (int i = 26; i <= 40; i++) assertThat(tell("again")).isEmpty();
        // Others, and good news of the same one, are not affected.
        assertThat(tell("other", EventType.WARNING, "Failed", "again")).isPresent();
        assertThat(tell("web", EventType.NORMAL, "Pulled", "there")).isPresent();
        assertThat(tell("web", EventType.WARNING, "BackOff", "other reason")).isEmpty();
        now = now.plus(Duration.ofMinutes(5));
        assertThat(said("again").count()).isEqualTo(41);
        assertThat(tell("again")).isEmpty();
    }

    @Test
    void whatARestingObjectMaySayIsBounded() {
        said("again");
        now = now.plus(Duration.ofDays(1));
        for (int i = 0; i < 25; i++) assertThat(tell("again")).isPresent();
        assertThat(tell("again")).isEmpty();
    }

    /// Nobody may be silenced for as long as the clock was set back.
    @Test
    void aClockThatIsSetBackOrForwardSilencesNobody() {
        for (int i = 0; i < 26; i++) tell("again");
        now = now.minus(Duration.ofDays(30));
        assertThat(tell("again")).isEmpty();
        now = now.plus(Duration.ofMinutes(5));
        assertThat(tell("again")).isPresent();
        now = now.plus(Duration.ofDays(400));
        assertThat(tell("again")).isPresent();
    }

    /// The least recently seen goes, be there ever so many.
    @Test
    void whatIsRememberedIsBounded() {
        said("again");
        for (int i = 0; i < 4095; i++) tell("pod-" + i, EventType.WARNING, "Failed", "once");
        assertThat(said("again").count()).isEqualTo(2);
        for (int i = 0; i < 4096; i++) tell("other-" + i, EventType.WARNING, "Failed", "once");
        assertThat(said("again").count()).isEqualTo(1);
    }

    @Test
    void longMessagesAreToldApart() {
        var padding = String.join("", Collections.nCopies(1000, "x"));
        said(padding + "a");
        assertThat(said(padding + "b").count()).isEqualTo(1);
        assertThat(said(padding + "a").count()).isEqualTo(2);
    }

    @Test
    void namesAreThoseOfTheObjectUnlessTheyWouldBeTooLong() {
        assertThat(said("x").name()).matches("web\\.[0-9a-f]{16}");
        assertThat(tell("n".repeat(250), EventType.NORMAL, "R", "x")
                        .orElseThrow()
                        .name())
                .hasSize(36);
        var names = new ArrayList<String>();
        for (int i = 0; i < 5; i++) names.add(said("x" + i).name());
        assertThat(names).doesNotHaveDuplicates();
    }
}
