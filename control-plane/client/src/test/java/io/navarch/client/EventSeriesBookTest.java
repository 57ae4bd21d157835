package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.EventType;
import io.navarch.model.EventsEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What is expected is what client-go's `tools/events` does with the same events at the same times.
class EventSeriesBookTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final EventSeriesBook book = new EventSeriesBook();
    private Instant now = START;

    private EventsEvent event(String pod, String revision, String note) {
        return EventsEvent.builder()
                .metadata(metadata ->
                        metadata.name(pod + "." + now.toEpochMilli()).namespace("ns"))
                .type(EventType.WARNING)
                .reason("FailedScheduling")
                .action("Scheduling")
                .eventTime(now)
                .note(note)
                .regarding(regarding -> regarding.kind("Pod").name(pod).resourceVersion(revision))
                .build();
    }

    private EventsEvent told(String note) {
        return book.told(event("web", "1", note), now).orElseThrow();
    }

    @Test
    void theSecondBeginsASeriesAndFurtherOnesAreOnlyCounted() {
        var first = told("no room");
        assertThat(first.hasSeries()).isFalse();
        now = now.plusSeconds(1);
        var second = told("still none");
        assertThat(second.name()).isEqualTo(first.name());
        assertThat(second.note()).isEqualTo("no room");
        assertThat(second.series().count()).isEqualTo(2);
        assertThat(second.series().lastObservedTime()).contains(now);
        now = now.plusSeconds(1);
        assertThat(book.told(event("web", "1", "no room"), now)).isEmpty();
        assertThat(book.running()).singleElement().satisfies(series -> {
            assertThat(series.series().count()).isEqualTo(3);
            assertThat(series.series().lastObservedTime()).contains(now);
        });
    }

    @Test
    void anotherStateOfTheObjectIsAnotherEvent() {
        told("no room");
        assertThat(book.told(event("web", "2", "no room"), now).orElseThrow().hasSeries())
                .isFalse();
        assertThat(book.told(event("db", "1", "no room"), now).orElseThrow().hasSeries())
                .isFalse();
    }

    @Test
    void aSeriesEndsSixMinutesAfterItsLast() {
        told("no room");
        told("no room");
        book.told(event("web", "1", "no room"), now);
        now = now.plus(EventSeriesBook.ENDED);
        assertThat(book.ended(now)).isEmpty();
        now = now.plusMillis(1);
        assertThat(book.ended(now))
                .singleElement()
                .satisfies(series -> assertThat(series.series().count()).isEqualTo(3));
        assertThat(told("no room").hasSeries()).isFalse();
    }

    @Test
    void whatWasToldOnceIsForgottenWithoutAWord() {
        told("no room");
        now = now.plus(Duration.ofMinutes(7));
        assertThat(book.ended(now)).isEmpty();
        assertThat(told("no room").hasSeries()).isFalse();
    }

    @Test
    void aClockThatIsSetBackEndsWhatWasBefore() {
        told("no room");
        told("no room");
        now = now.minus(Duration.ofDays(30));
        assertThat(book.ended(now)).hasSize(1);
        assertThat(told("no room").hasSeries()).isFalse();
    }

    @Test
    void whatIsRememberedIsBounded() {
        told("no room");
        for (int i = 0; i < 4096; i++) book.told(event("pod-" + i, "1", ""), now);
        assertThat(told("no room").hasSeries()).isFalse();
    }
}
