package io.navarch.client;

import io.navarch.model.AnyObject;
import io.navarch.model.Event;
import io.navarch.model.EventType;
import io.navarch.model.ObjectReference;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Lens;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.process.LruMap;
import io.navarch.process.TaskScope;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes Events in the background. The same event again raises the count of the one there is.
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    /// How many events are remembered, so that they are counted instead of written again.
    private static final int REMEMBERED = 2048;
    /// How many events may wait; more are dropped.
    private static final int WAITING = 1000;

    private record Entry(AnyObject about, EventType type, String reason, String message, String fieldPath) {}

    private record Recorded(ObjectKey key, int count) {}

    private final Client client;
    private final String component;
    private final String host;
    private final InstantSource clock;
    private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>(WAITING);
    /// This and the next are used by the writing thread only.
    private final EventCorrelation correlation = new EventCorrelation();

    private final Map<String, Recorded> recorded = new LruMap<>(REMEMBERED);

    /// @param host `""` when the component is not one of a node
    public EventRecorder(Client client, String component, String host, InstantSource clock) {
        this.client = client;
        this.component = component;
        this.host = host;
        this.clock = clock;
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
        var entry = new Entry(AnyObject.of(View.over(about)), type, reason, message, fieldPath);
        if (!queue.offer(entry)) LOG.debug("event {} dropped", reason);
    }

    private void write(Entry entry) {
        var now = clock.instant();
        var subject = new EventCorrelation.Subject(
                entry.about.kind() + "/" + entry.about.key() + "/" + entry.about.uid(),
                entry.fieldPath + "/" + entry.type.text() + "/" + entry.reason);
        try {
            correlation
                    .correlate(subject, entry.message, now)
                    .ifPresent(correlated -> recorded.put(correlated.identity(), write(entry, correlated, now)));
        } catch (ApiException e) {
            LOG.debug("event {} not recorded: {}", entry.reason, e.getMessage());
        }
    }

    private Recorded write(Entry entry, EventCorrelation.Correlated correlated, Instant now) {
        var known = recorded.get(correlated.identity());
        return known == null
                ? create(entry, correlated.message(), now)
                : repeat(entry, known, correlated.message(), now);
    }

    private Recorded repeat(Entry entry, Recorded known, String message, Instant now) {
        var again = new Recorded(known.key, known.count + 1);
        var partial = Event.builder().count(again.count).lastTimestamp(now).message(message);
        try {
            client.mergePatch(Resources.EVENTS, known.key, "", partial.map());
            return again;
        } catch (ApiException e) {
            // Events expire.
            if (e.reason() == ApiException.Reason.NOT_FOUND) return create(entry, message, now);
            throw e;
        }
    }

    private Recorded create(Entry entry, String message, Instant now) {
        var namespace = entry.about.namespace().isEmpty() ? "default" : entry.about.namespace();
        var suffix = Long.toHexString(now.toEpochMilli() * 1_000_000 + System.nanoTime() % 1_000_000);
        var event = Event.builder()
                .metadata(metadata ->
                        metadata.name(entry.about.name() + "." + suffix).namespace(namespace))
                .involvedObject(reference(entry))
                .reason(entry.reason)
                .message(message)
                .source(source -> {
                    source.component(component);
                    if (!host.isEmpty()) source.host(host);
                })
                .firstTimestamp(now)
                .lastTimestamp(now)
                .count(1)
                .type(entry.type)
                .reportingComponent(component)
                .reportingInstance(host)
                .build();
        return new Recorded(client.create(Resources.EVENTS, event).key(), 1);
    }

    private static ObjectReference reference(Entry entry) {
        var about = entry.about;
        var reference =
                ObjectReference.builder().kind(about.kind()).name(about.name()).uid(about.uid());
        reference.apiVersion(about.apiVersion());
        if (!about.namespace().isEmpty()) reference.namespace(about.namespace());
        if (!about.resourceVersion().isEmpty()) reference.resourceVersion(about.resourceVersion());
        if (!entry.fieldPath.isEmpty()) reference.fieldPath(entry.fieldPath);
        return reference.build();
    }
}
