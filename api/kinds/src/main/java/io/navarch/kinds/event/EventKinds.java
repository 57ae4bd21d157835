package io.navarch.kinds.event;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.Event;
import io.navarch.model.EventsEvent;
import io.navarch.model.ObjectReference;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Event in its two groups: the core's and `events.k8s.io` show the same stored objects.
public final class EventKinds {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final String STORED = "/registry/events/";

    /// The parts of the subject that a field selector can name.
    private static final List<String> SUBJECT = List.of(
            ObjectReference.KIND,
            ObjectReference.NAMESPACE,
            ObjectReference.NAME,
            ObjectReference.UID,
            ObjectReference.API_VERSION,
            ObjectReference.RESOURCE_VERSION,
            ObjectReference.FIELD_PATH);

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

    /// Of these kinds Events are kept for as long as this, the others as before.
    public static List<KindDefinition> kept(Duration time, List<KindDefinition> kinds) {
        return kinds.stream()
                .map(kind -> kind.storagePrefix().equals(STORED) ? kind.expiringAfter(time) : kind)
                .toList();
    }

    public static KindDefinition core(Types types) {
        return stored(KindBuilder.of(Resources.EVENTS))
                .version(types.get("CoreV1Event"), columns -> columns(columns, event -> event))
                .ruledBy((event, old) -> EventRules.lenient(event))
                .withAnyMetadata()
                .checkingUpdates()
                .build();
    }

    public static KindDefinition events(Types types) {
        var shown = Resources.EVENTS_EVENTS;
        return stored(KindBuilder.of(new ResourceType<>(
                        shown.group(), shown.version(), shown.plural(), shown.kind(), true, Event::of)))
                .version(types.get("EventsV1Event"), columns -> columns(columns, EventKinds::toCore))
                .converted(EventKinds::toCore, EventKinds::fromCore)
                .ruledBy(EventRules::strict)
                .build();
    }

    private static KindBuilder<Event> stored(KindBuilder<Event> kind) {
        kind.shortNames("ev")
                .createsOnUpdate()
                .storedUnder(STORED)
                .expiresAfter(event -> KEPT)
                .field("reason", Event::reason)
                .field("type", event -> event.raw(Event.TYPE).string())
                .field("reportingComponent", EventKinds::reporter)
                .field("reportingController", EventKinds::reporter)
                .field("source", EventKinds::source);
        for (var part : SUBJECT) {
            Function<Event, String> reader =
                    event -> event.involvedObject().raw(part).string();
            kind.field("involvedObject." + part, reader).field("regarding." + part, reader);
        }
        return kind;
    }

    private static String reporter(Event event) {
        return event.reportingComponentOr(event.source().component());
    }

    private static String source(Event event) {
        return event.source().componentOr(event.reportingComponent());
    }

    private static Event toCore(Event shown) {
        return Event.of(View.of(toCore(shown.view().map())));
    }

    private static Map<String, Object> toCore(Map<String, Object> event) {
        return Event.edit(renamed(event, TO_CORE))
                .apiVersion(Resources.EVENTS.apiVersion())
                .map();
    }

    private static Map<String, Object> fromCore(Map<String, Object> event) {
        var result = renamed(event, FROM_CORE);
        // Clients of this group want the field, be it empty.
        result.putIfAbsent(EventsEvent.EVENT_TIME, null);
        return EventsEvent.edit(result)
                .apiVersion(Resources.EVENTS_EVENTS.apiVersion())
                .map();
    }

    private static Map<String, Object> renamed(Map<String, Object> event, Map<String, String> names) {
        var result = new LinkedHashMap<String, Object>();
        event.forEach((name, value) -> result.put(names.getOrDefault(name, name), value));
        return result;
    }

    /// @param form from the form that is shown to the core group's
    private static void columns(ColumnList<Event> columns, UnaryOperator<Event> form) {
        columns.timed("Last Seen", (event, now) -> Columns.age(lastSeen(form.apply(event)), now))
                .text("Type", event -> event.raw(Event.TYPE).string())
                .text("Reason", Event::reason)
                .text("Object", event -> subject(form.apply(event).involvedObject()))
                .wide("Subobject", event -> form.apply(event).involvedObject().fieldPath())
                .wide("Source", event -> source(form.apply(event)))
                .text("Message", event -> form.apply(event).message().strip())
                .add("First Seen", "string", 1, "", (event, now) -> Columns.age(firstSeen(form.apply(event)), now))
                .wide("Count", event -> String.valueOf(form.apply(event).countOr(1)))
                .add("Name", "name", 1, "", (event, now) -> event.name());
    }

    private static String subject(ObjectReference subject) {
        return subject.kind().toLowerCase(Locale.ROOT) + "/" + subject.name();
    }

    private static Optional<Instant> firstSeen(Event event) {
        return event.firstTimestamp().or(event::eventTime);
    }

    private static Optional<Instant> lastSeen(Event event) {
        return event.series().lastObservedTime().or(event::lastTimestamp).or(event::eventTime);
    }
}
