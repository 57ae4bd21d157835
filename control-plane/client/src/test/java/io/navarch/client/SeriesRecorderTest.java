package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.EventType;
import io.navarch.model.EventsEvent;
import io.navarch.model.Pod;
import io.navarch.objects.ApiException;
import io.navarch.objects.ApiException.Reason;
import io.navarch.process.TaskScope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeriesRecorderTest {
    private static final Pod POD = Pod.builder()
            .apiVersion("v1")
            .kind("Pod")
            .metadata(meta -> meta.name("web").namespace("ns").uid("u").resourceVersion("5"))
            .build();

    private static final Pod OTHER =
            POD.toBuilder().metadata(meta -> meta.name("other").namespace("ns")).build();

    private final ScriptedTransport server = new ScriptedTransport(ScriptedTransport.Sent::body);
    private final TaskScope scope = new TaskScope();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final SeriesRecorder recorder = new SeriesRecorder(
            new Client(server, "test"), "default-scheduler", "default-scheduler-here", () -> now, tries -> {});

    @BeforeEach
    void start() {
        recorder.startWriting(scope);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private void fails(String note) {
        recorder.record(POD, EventType.WARNING, "FailedScheduling", "Scheduling", note);
    }

    @Test
    void anEventIsOneOfTheNewGroup() throws InterruptedException {
        fails("no room");
        var sent = server.calls.take();
        assertThat(sent.method()).isEqualTo("POST");
        assertThat(sent.uri()).startsWith("/apis/events.k8s.io/v1/namespaces/ns/events");
        var event = EventsEvent.of(sent.body());
        assertThat(event.name()).startsWith("web.");
        assertThat(event.reportingController() + " " + event.reportingInstance())
                .isEqualTo("default-scheduler default-scheduler-here");
        assertThat(event.action() + " " + event.reason() + " " + event.note())
                .isEqualTo("Scheduling FailedScheduling no room");
        assertThat(event.regarding().resourceVersion()).isEqualTo("5");
        assertThat(event.eventTime()).contains(now);
        assertThat(event.hasDeprecatedCount()).isFalse();
    }

    @Test
    void aSeriesIsWrittenWhenItBeginsAndWhenItEnds() throws InterruptedException {
        for (int i = 0; i < 5; i++) fails("no room");
        var name = EventsEvent.of(server.calls.take().body()).name();
        var begun = server.calls.take();
        assertThat(begun.method()).isEqualTo("PATCH");
        assertThat(begun.uri()).startsWith("/apis/events.k8s.io/v1/namespaces/ns/events/" + name);
        assertThat(EventsEvent.of(begun.body()).series().count()).isEqualTo(2);
        assertThat(begun.body().map()).containsOnlyKeys("series");
        // Once this has been written, all five have been taken.
        recorder.record(OTHER, EventType.NORMAL, "Scheduled", "Binding", "");
        assertThat(server.calls.take().method()).isEqualTo("POST");
        now = now.plusSeconds(361);
        recorder.finish();
        assertThat(EventsEvent.of(server.calls.take().body()).series().count()).isEqualTo(5);
        fails("again");
        assertThat(server.calls.take().method()).isEqualTo("POST");
    }

    @Test
    void aSeriesThatGoesOnIsWrittenNowAndThenAndWrittenAnewWhenItHasExpired() throws InterruptedException {
        for (int i = 0; i < 3; i++) fails("no room");
        server.calls.take();
        server.calls.take();
        server.refuse(new ApiException(Reason.NOT_FOUND, "gone"));
        recorder.refresh();
        assertThat(server.calls.take().method()).isEqualTo("PATCH");
        var again = server.calls.take();
        assertThat(again.method()).isEqualTo("POST");
        assertThat(EventsEvent.of(again.body()).series().count()).isEqualTo(3);
    }

    @Test
    void notesAreCutBetweenCharacters() {
        assertThat(SeriesRecorder.cut("x".repeat(1024))).hasSize(1024);
        assertThat(SeriesRecorder.cut("x".repeat(1025))).hasSize(1024).endsWith("x ...");
        var cut = SeriesRecorder.cut("é".repeat(1000));
        assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(1024);
        assertThat(cut).endsWith("é ...").doesNotContain("\uFFFD");
    }
}
