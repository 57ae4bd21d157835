package io.navarch.kinds.event;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Event, in its two groups: `events` of the core and of `events.k8s.io` are the same stored objects.
public final class EventKinds {
    private static final Duration KEPT = Duration.ofHours(1);

    private EventKinds() {}

    public static KindDefinition core(Types types) {
        return common(KindDefinition.of("", "Event", "events").ruledBy(EventRules::lenient))
                .version(
                        "v1",
                        types.get("CoreV1Event"),
                        columns("involvedObject", "message", "lastTimestamp", "firstTimestamp", "count"));
    }

    public static KindDefinition events(Types types) {
        return common(KindDefinition.of("events.k8s.io", "Event", "events").ruledBy(EventRules::strict))
                .version(new KindDefinition.Version(
                        "v1",
                        types.get("EventsV1Event"),
                        true,
                        "",
                        object -> rename(object, TO_CORE),
                        object -> rename(object, FROM_CORE),
                        List.of(columns(
                                "regarding",
                                "note",
                                "deprecatedLastTimestamp",
                                "deprecatedFirstTimestamp",
                                "deprecatedCount"))));
    }

    private static KindDefinition common(KindDefinition definition) {
        definition
                .shortNames("ev")
                .createsOnUpdate()
                .storedUnder("/registry/events/")
                .expiresAfter(event -> KEPT)
                .field("reason", e -> e.get("reason").string())
                .field("type", e -> e.get("type").string())
                .field(
                        "reportingComponent",
                        e -> e.get("reportingComponent")
                                .stringOr(e.get("source", "component").string()))
                .field(
                        "source",
                        e -> e.get("source", "component")
                                .stringOr(e.get("reportingComponent").string()));
        for (var part : List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")) {
            definition.field(
                    "involvedObject." + part,
                    e -> e.get("involvedObject").get(part).string());
            definition.field(
                    "regarding." + part, e -> e.get("involvedObject").get(part).string());
        }
        return definition;
    }

    private static final Map<String, String> TO_CORE = Map.of(
            "regarding", "involvedObject",
            "note", "message",
            "reportingController", "reportingComponent",
            "deprecatedSource", "source",
            "deprecatedFirstTimestamp", "firstTimestamp",
            "deprecatedLastTimestamp", "lastTimestamp",
            "deprecatedCount", "count");
    private static final Map<String, String> FROM_CORE = inverse(TO_CORE);

    private static Map<String, String> inverse(Map<String, String> map) {
        var result = new java.util.HashMap<String, String>();
        map.forEach((key, value) -> result.put(value, key));
        return Map.copyOf(result);
    }

    private static Map<String, Object> rename(Map<String, Object> object, Map<String, String> names) {
        var result = new java.util.LinkedHashMap<String, Object>();
        object.forEach((key, value) -> result.put(names.getOrDefault(key, key), value));
        result.put("apiVersion", names == TO_CORE ? "v1" : "events.k8s.io/v1");
        // Clients of this group want the field, be it empty.
        if (names == FROM_CORE) result.putIfAbsent("eventTime", null);
        return result;
    }

    private static Column[] columns(String subject, String text, String last, String first, String count) {
        return new Column[] {
            Columns.timed("Last Seen", (e, now) -> lastSeen(e, last, now)),
            Columns.text("Type", e -> e.get("type").string()),
            Columns.text("Reason", e -> e.get("reason").string()),
            Columns.text(
                    "Object",
                    e -> e.get(subject).get("kind").string().toLowerCase(java.util.Locale.ROOT) + "/"
                            + e.get(subject).get("name").string()),
            Columns.wide("Subobject", e -> e.get(subject).get("fieldPath").string()),
            Columns.wide(
                    "Source",
                    e -> e.get("source", "component")
                            .stringOr(e.get("reportingComponent").string())),
            Columns.text("Message", e -> e.get(text).string().strip()),
            new Column(
                    "First Seen",
                    "string",
                    1,
                    "",
                    (e, now) -> Columns.age(e.get(first).exists() ? e.get(first) : e.get("eventTime"), now)),
            Columns.wide("Count", e -> String.valueOf(e.get(count).longOr(1))),
            new Column("Name", "name", 1, "", (e, now) -> e.name())
        };
    }

    private static String lastSeen(View event, String last, java.time.Instant now) {
        var time = event.get("series", "lastObservedTime");
        if (Timestamps.parse(time.string()) == null) time = event.get(last);
        if (Timestamps.parse(time.string()) == null) time = event.get("eventTime");
        return Columns.age(time, now);
    }
}
