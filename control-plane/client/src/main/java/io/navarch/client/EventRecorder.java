package io.navarch.client;

import io.navarch.client.EventCorrelation.Correlated;
import io.navarch.client.EventCorrelation.Told;
import io.navarch.model.Event;
import io.navarch.model.EventType;
import io.navarch.model.Resources;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.process.TaskScope;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes Events of the core group in the background, as controllers and kubelets do. The same event again raises the
/// count of the one there is. Who has much to tell in a short time is not heard in full, and nobody waits for this.
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);

    /// How many events may wait; more are dropped.
    static final int WAITING = 1000;

    private static final long PAUSE_MILLIS = 10_000;

    private final Client client;
    private final String component;
    private final String host;
    private final InstantSource clock;
    private final EventDelivery delivery;
    private final LinkedBlockingQueue<Told> queue = new LinkedBlockingQueue<>(WAITING);
    /// Used by the writing thread only.
    private final EventCorrelation correlation = new EventCorrelation();

    /// @param host `""` when the component is not one of a node
    public EventRecorder(Client client, String component, String host, InstantSource clock) {
        this(client, component, host, clock, EventRecorder::pause);
    }

    EventRecorder(Client client, String component, String host, InstantSource clock, EventDelivery.Pauses pauses) {
        this.client = client;
        this.component = component;
        this.host = host;
        this.clock = clock;
        delivery = new EventDelivery(pauses);
    }

    /// Those who have lost the same server do not all come back at once.
    private static void pause(int tries) throws InterruptedException {
        TaskScope.pause(tries == 1 ? ThreadLocalRandom.current().nextLong(PAUSE_MILLIS) : PAUSE_MILLIS);
    }

    public void start(TaskScope scope) {
        scope.start("events-" + component, () -> {
            while (true) write(queue.take());
        });
    }

    public void normal(Lens about, String reason, String message) {
        record(about, EventType.NORMAL, reason, message);
    }

    public void warning(Lens about, String reason, String message) {
        record(about, EventType.WARNING, reason, message);
    }

    public void record(Lens about, EventType type, String reason, String message) {
        record(about, type, reason, message, "");
    }

    /// @param fieldPath the part of the object that is meant, such as `spec.containers{web}`
    public void record(Lens about, EventType type, String reason, String message, String fieldPath) {
        if (!queue.offer(new Told(EventSubject.of(about, fieldPath), type, reason, message)))
            LOG.debug("event {} dropped", reason);
    }

    private void write(Told told) throws InterruptedException {
        var now = clock.instant();
        var correlated = correlation.correlate(told, now);
        if (correlated.isPresent()) delivery.deliver(told.reason(), () -> send(told, correlated.get(), now));
    }

    private void send(Told told, Correlated correlated, Instant now) {
        if (!correlated.again() || !raised(told, correlated, now))
            client.create(Resources.EVENTS, event(told, correlated, now));
    }

    /// @return false when the event is not there any more
    private boolean raised(Told told, Correlated correlated, Instant now) {
        var partial = Event.builder().count(correlated.count()).lastTimestamp(now);
        if (!correlated.message().isEmpty()) partial.message(correlated.message());
        var key = new ObjectKey(told.about().eventNamespace(), correlated.name());
        return EventDelivery.changed(client, Resources.EVENTS, key, partial.map());
    }

    private Event event(Told told, Correlated correlated, Instant now) {
        var about = told.about();
        return Event.builder()
                .metadata(metadata -> metadata.name(correlated.name()).namespace(about.eventNamespace()))
                .involvedObject(about.reference())
                .reason(told.reason())
                .message(correlated.message())
                .source(source -> {
                    source.component(component);
                    if (!host.isEmpty()) source.host(host);
                })
                .firstTimestamp(correlated.first())
                .lastTimestamp(now)
                .count(correlated.count())
                .type(told.type())
                .reportingComponent(component)
                .reportingInstance(host)
                .build();
    }
}
