package io.navarch.kinds.event;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.Event;
import io.navarch.model.EventsEvent;
import io.navarch.model.ObjectReference;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.KindDefinition.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// Event in its two groups: the core's and `events.k8s.io` show the same stored objects.
public final class EventKinds {
    private static final Duration KEPT = Duration.ofHours(1);

    /// The parts of the subject that a field selector can name.
    private static final List<String> SUBJECT = List.of(
            ObjectReference.KIND,
            ObjectReference.NAMESPACE,
            ObjectReference.NAME,
            ObjectReference.UID,
            ObjectReference.API_VERSION,
            ObjectReference.RESOURCE_VERSION,
            ObjectReference.FIELD_PATH);

    /// Where a version of events keeps what the columns show.
    private record Shape(
            Function<View, ObjectReference> subject,
            Function<View, String> text,
            Function<View, Optional<Instant>> last,
            Function<View, Optional<Instant>> first,
            ToIntFunction<View> count) {}

    private static final Shape CORE = new Shape(
            event -> Event.of(event).involvedObject(),
            event -> Event.of(event).message(),
            event -> Event.of(event).lastTimestamp(),
            event -> Event.of(event).firstTimestamp(),
            event -> Event.of(event).countOr(1));

    private static final Shape EVENTS = new Shape(
            event -> EventsEvent.of(event).regarding(),
            event -> EventsEvent.of(event).note(),
            event -> EventsEvent.of(event).deprecatedLastTimestamp(),
            event -> EventsEvent.of(event).deprecatedFirstTimestamp(),
            event -> EventsEvent.of(event).deprecatedCountOr(1));

    /// The fields that `events.k8s.io` calls by other names than the core group.
    private static final Map<String, String> TO_CORE = Map.of(
            EventsEvent.REGARDING, Event.INVOLVED_OBJECT,
            EventsEvent.NOTE, Event.MESSAGE,
            EventsEvent.REPORTING_CONTROLLER, Event.REPORTING_COMPONENT,
            EventsEvent.DEPRECATED_SOURCE, Event.SOURCE,
            EventsEvent.DEPRECATED_FIRST_TIMESTAMP, Event.FIRST_TIMESTAMP,
            EventsEvent.DEPRECATED_LAST_TIMESTAMP, Event.LAST_TIMESTAMP,
            EventsEvent.DEPRECATED_COUNT, Event.COUNT);

    private static final Map<String, String> FROM_CORE =
            TO_CORE.entrySet().stream().collect(Collectors.toUnmodifiableMap(Entry::getValue, Entry::getKey));

    private EventKinds() {}

    public static KindDefinition core(Types types) {
        return common(KindDefinition.of("", "Event", "events")
                        .ruledBy((event, old) -> EventRules.lenient(Event.of(event))))
                .version("v1", types.get("CoreV1Event"), columns(CORE));
    }

    public static KindDefinition events(Types types) {
        return common(KindDefinition.of("events.k8s.io", "Event", "events")
                        .ruledBy((event, old) -> EventRules.strict(Event.of(event), Event.of(old))))
                .version(new KindDefinition.Version(
                        "v1",
                        types.get("EventsV1Event"),
                        true,
                        "",
                        EventKinds::toCore,
                        EventKinds::fromCore,
                        List.of(columns(EVENTS))));
    }

    private static KindDefinition common(KindDefinition definition) {
        definition
                .shortNames("ev")
                .createsOnUpdate()
                .storedUnder("/registry/events/")
                .expiresAfter(event -> KEPT)
                .field("reason", event -> Event.of(event).reason())
                .field("type", event -> Event.of(event).raw(Event.TYPE).string())
                .field(
                        "reportingComponent",
                        event -> Event.of(event)
                                .reportingComponentOr(Event.of(event).source().component()))
                .field("source", event -> source(Event.of(event)));
        for (var part : SUBJECT) {
            Function<View, String> reader =
                    event -> Event.of(event).involvedObject().raw(part).string();
            definition.field("involvedObject." + part, reader).field("regarding." + part, reader);
        }
        return definition;
    }

    private static String source(Event event) {
        return event.source().componentOr(event.reportingComponent());
    }

    private static Map<String, Object> toCore(Map<String, Object> event) {
        return Event.edit(renamed(event, TO_CORE)).apiVersion("v1").map();
    }

    private static Map<String, Object> fromCore(Map<String, Object> event) {
        var result = renamed(event, FROM_CORE);
        // Clients of this group want the field, be it empty.
        result.putIfAbsent(EventsEvent.EVENT_TIME, null);
        return EventsEvent.edit(result).apiVersion("events.k8s.io/v1").map();
    }

    private static Map<String, Object> renamed(Map<String, Object> event, Map<String, String> names) {
        var result = new LinkedHashMap<String, Object>();
        event.forEach((name, value) -> result.put(names.getOrDefault(name, name), value));
        return result;
    }

    private static Column[] columns(Shape shape) {
        return new Column[] {
            Columns.timed("Last Seen", (event, now) -> Columns.age(lastSeen(event, shape), now)),
            Columns.text("Type", event -> Event.of(event).raw(Event.TYPE).string()),
            Columns.text("Reason", event -> Event.of(event).reason()),
            Columns.text("Object", event -> subject(shape.subject.apply(event))),
            Columns.wide("Subobject", event -> shape.subject.apply(event).fieldPath()),
            Columns.wide("Source", event -> source(Event.of(event))),
            Columns.text("Message", event -> shape.text.apply(event).strip()),
            new Column("First Seen", "string", 1, "", (event, now) -> Columns.age(firstSeen(event, shape), now)),
            Columns.wide("Count", event -> String.valueOf(shape.count.applyAsInt(event))),
            new Column("Name", "name", 1, "", (event, now) -> event.name())
        };
    }

    private static String subject(ObjectReference subject) {
        return subject.kind().toLowerCase(Locale.ROOT) + "/" + subject.name();
    }

    private static Optional<Instant> firstSeen(View event, Shape shape) {
        return shape.first.apply(event).or(() -> Event.of(event).eventTime());
    }

    private static Optional<Instant> lastSeen(View event, Shape shape) {
        return Event.of(event)
                .series()
                .lastObservedTime()
                .or(() -> shape.last.apply(event))
                .or(() -> Event.of(event).eventTime());
    }
}
