package io.navarch.client;

import io.navarch.model.EventType;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.TaskScope;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes Events in the background. The same event again raises the count of the one there is.
public final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int REMEMBERED = 2048;

    private record Entry(View object, String type, String reason, String message, String fieldPath) {}

    private record Recorded(ObjectKey key, long count) {}

    private final Client client;
    private final String component;
    private final String host;
    private final InstantSource clock;
    private final LinkedBlockingQueue<Entry> queue = new LinkedBlockingQueue<>(1000);
    private final EventCorrelation correlation = new EventCorrelation();
    private final Map<String, Recorded> recorded = new Recent<>(REMEMBERED);

    public EventRecorder(Client client, String component, String host, InstantSource clock) {
        this.client = client;
        this.component = component;
        this.host = host;
        this.clock = clock;
    }

    public void start(TaskScope scope) {
        scope.start("events-" + component, () -> {
            while (true) {
                var entry = queue.take();
                try {
                    write(entry);
                } catch (ApiException e) {
                    LOG.debug("event {} not recorded: {}", entry.reason, e.getMessage());
                }
            }
        });
    }

    public void normal(View object, String reason, String message) {
        record(object, "Normal", reason, message, "");
    }

    public void warning(View object, String reason, String message) {
        record(object, "Warning", reason, message, "");
    }

    public void record(View object, EventType type, String reason, String message) {
        record(object, type.text(), reason, message, "");
    }

    /// @param fieldPath the part of the object meant, such as `spec.containers{web}`
    public void record(View object, String type, String reason, String message, String fieldPath) {
        if (!queue.offer(new Entry(object, type, reason, message, fieldPath))) LOG.debug("event {} dropped", reason);
    }

    private void write(Entry entry) {
        var object = entry.object;
        var said = correlation.said(
                new EventCorrelation.Subject(
                        object.get("kind").string() + "/" + object.key() + "/" + object.uid(),
                        entry.fieldPath + "/" + entry.type + "/" + entry.reason),
                entry.message,
                clock.instant());
        if (said == null) return;
        var identity = said.identity();
        var now = Timestamps.seconds(clock.instant());
        var known = recorded.get(identity);
        if (known != null) {
            try {
                client.mergePatch(
                        Resources.EVENTS.untyped(),
                        known.key,
                        "",
                        Trees.map("count", known.count + 1, "lastTimestamp", now, "message", said.message()));
                recorded.put(identity, new Recorded(known.key, known.count + 1));
                return;
            } catch (ApiException e) {
                if (e.reason() != ApiException.Reason.NOT_FOUND) throw e;
            }
        }
        var namespace = object.namespace().isEmpty() ? "default" : object.namespace();
        var name = object.name() + "." + Long.toHexString(clock.millis() * 1_000_000 + System.nanoTime() % 1_000_000);
        client.create(
                Resources.EVENTS.untyped(),
                Trees.map(
                        "metadata",
                        Trees.map("name", name, "namespace", namespace),
                        "involvedObject",
                        Trees.map(
                                "kind", object.get("kind").string(),
                                "namespace", object.namespace().isEmpty() ? null : object.namespace(),
                                "name", object.name(),
                                "uid", object.uid(),
                                "apiVersion", object.get("apiVersion").string(),
                                "resourceVersion", object.resourceVersion().isEmpty() ? null : object.resourceVersion(),
                                "fieldPath", entry.fieldPath.isEmpty() ? null : entry.fieldPath),
                        "reason",
                        entry.reason,
                        "message",
                        said.message(),
                        "source",
                        Trees.map("component", component, "host", host.isEmpty() ? null : host),
                        "firstTimestamp",
                        now,
                        "lastTimestamp",
                        now,
                        "count",
                        1L,
                        "type",
                        entry.type,
                        "eventTime",
                        null,
                        "reportingComponent",
                        component,
                        "reportingInstance",
                        host));
        recorded.put(identity, new Recorded(new ObjectKey(namespace, name), 1));
    }
}
