package io.navarch.client;

import io.navarch.model.EventType;
import io.navarch.model.EventsEvent;
import io.navarch.model.Resources;
import io.navarch.objects.Lens;
import io.navarch.process.TaskScope;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes Events of `events.k8s.io` in the background, as the scheduler does: what is told again of the same state of
/// an object becomes a series.
public final class SeriesRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(SeriesRecorder.class);

    private static final long PAUSE_MILLIS = 10_000;

    /// How long a note may be, in bytes.
    private static final int LONGEST = 1024;

    private static final String CUT = " ...";

    private sealed interface Entry {
        record Told(EventsEvent event) implements Entry {}

        record Finish() implements Entry {}

        record Refresh() implements Entry {}
    }

    private final Client client;
    private final String controller;
    private final String instance;
    private final InstantSource clock;
    private final EventDelivery delivery;
    private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>(EventRecorder.WAITING);
    /// Used by the writing thread only.
    private final EventSeriesBook book = new EventSeriesBook();

    /// @param instance which of all that run this controller
    public SeriesRecorder(Client client, String controller, String instance, InstantSource clock) {
        this(client, controller, instance, clock, SeriesRecorder::pause);
    }

    SeriesRecorder(
            Client client, String controller, String instance, InstantSource clock, EventDelivery.Pauses pauses) {
        this.client = client;
        this.controller = controller;
        this.instance = instance;
        this.clock = clock;
        delivery = new EventDelivery(pauses);
    }

    private static void pause(int tries) throws InterruptedException {
        TaskScope.pause(PAUSE_MILLIS + ThreadLocalRandom.current().nextLong(PAUSE_MILLIS / 4));
    }

    public void start(TaskScope scope) {
        startWriting(scope);
        scope.every("series-" + controller, EventSeriesBook.ENDED.toMillis(), this::finish);
        scope.every("refresh-" + controller, EventSeriesBook.REFRESHED.toMillis(), this::refresh);
    }

    /// Without what is written now and then of itself.
    void startWriting(TaskScope scope) {
        scope.start("events-" + controller, () -> {
            while (true) take(queue.take());
        });
    }

    void finish() {
        queue.offer(new Entry.Finish());
    }

    void refresh() {
        queue.offer(new Entry.Refresh());
    }

    /// @param action what was done, or could not be
    public void record(Lens about, EventType type, String reason, String action, String note) {
        record(about, Optional.empty(), type, reason, action, note);
    }

    /// @param related what else it has to do with
    public void record(Lens about, Optional<Lens> related, EventType type, String reason, String action, String note) {
        var subject = EventSubject.of(about, "");
        var now = clock.instant();
        var event = EventsEvent.builder()
                .metadata(metadata -> metadata.name(subject.eventName(now)).namespace(subject.eventNamespace()))
                .eventTime(now)
                .reportingController(controller)
                .reportingInstance(instance)
                .action(action)
                .reason(reason)
                .regarding(subject.reference())
                .note(cut(note))
                .type(type);
        related.ifPresent(other -> event.related(EventSubject.of(other, "").reference()));
        if (!queue.offer(new Entry.Told(event.build()))) LOG.debug("event {} dropped", reason);
    }

    /// As much of a note as may be told.
    static String cut(String note) {
        var bytes = note.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST) return note;
        int end = LONGEST - CUT.length();
        // Not in the middle of a character.
        while ((bytes[end] & 0xC0) == 0x80) end--;
        return new String(bytes, 0, end, StandardCharsets.UTF_8) + CUT;
    }

    private void take(Entry entry) throws InterruptedException {
        switch (entry) {
            case Entry.Told told -> {
                var write = book.told(told.event, clock.instant());
                if (write.isPresent()) write(write.get());
            }
            case Entry.Finish _ -> {
                for (var series : book.ended(clock.instant())) write(series);
            }
            case Entry.Refresh _ -> {
                for (var series : book.running()) write(series);
            }
        }
    }

    private void write(EventsEvent event) throws InterruptedException {
        delivery.deliver(event.reason(), () -> {
            if (!event.hasSeries() || !counted(event)) create(event);
        });
    }

    /// @return false when the first of the series is not there any more
    private boolean counted(EventsEvent event) {
        var partial = EventsEvent.builder().series(event.series());
        return EventDelivery.changed(client, Resources.EVENTS_EVENTS, event.key(), partial.map());
    }

    private void create(EventsEvent event) {
        client.create(Resources.EVENTS_EVENTS, event);
    }
}
