package io.navarch.kinds.event;

import io.navarch.kinds.support.Check;
import io.navarch.model.Event;
import io.navarch.model.EventSeries;
import io.navarch.model.EventType;
import io.navarch.model.EventsEvent;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.List;

/// What an event must be, in the form in which it is stored. Events with an `eventTime` have the new form and stricter
/// rules; those written through `events.k8s.io/v1` must have it.
final class EventRules {
    private static final List<String> FIXED = List.of(
            Event.INVOLVED_OBJECT,
            Event.REASON,
            Event.MESSAGE,
            Event.SOURCE,
            Event.FIRST_TIMESTAMP,
            Event.LAST_TIMESTAMP,
            Event.COUNT,
            Event.TYPE,
            Event.EVENT_TIME,
            Event.ACTION,
            Event.RELATED,
            Event.REPORTING_COMPONENT,
            Event.REPORTING_INSTANCE);

    private EventRules() {}

    /// For events written through the core group.
    static List<FieldError> lenient(Event event) {
        var check = new Check();
        shape(event, Event.REPORTING_COMPONENT, check);
        return check.errors();
    }

    /// For events written through `events.k8s.io/v1`.
    static List<FieldError> strict(Event event, Event old) {
        var check = new Check();
        shape(event, EventsEvent.REPORTING_CONTROLLER, check);
        if (!old.exists()
                || !event.series().view().map().equals(old.series().view().map())) series(event.series(), check);
        if (old.exists()) fixed(event, old, check);
        else made(event, check);
        return check.errors();
    }

    private static void fixed(Event event, Event old, Check check) {
        for (var field : FIXED) {
            var shown = field.equals(Event.REPORTING_COMPONENT) ? EventsEvent.REPORTING_CONTROLLER : field;
            check.immutable(event.raw(field), old.raw(field), shown);
        }
    }

    private static void made(Event event, Check check) {
        if (event.eventTime().isEmpty()) check.add(FieldError.required("eventTime"));
        if (event.type() != EventType.NORMAL && event.type() != EventType.WARNING)
            check.add(FieldError.invalid(
                    "type", "", "has invalid value: " + event.raw(Event.TYPE).string()));
        unset(event.firstTimestamp().isPresent(), "firstTimestamp", check);
        unset(event.lastTimestamp().isPresent(), "lastTimestamp", check);
        unset(event.count() != 0, "count", check);
        unset(!event.source().component().isEmpty() || !event.source().host().isEmpty(), "source", check);
    }

    private static void unset(boolean set, String path, Check check) {
        if (set) check.add(FieldError.invalid(path, "", "needs to be unset"));
    }

    private static void series(EventSeries series, Check check) {
        if (!series.exists()) return;
        if (series.count() < 2) check.add(FieldError.invalid("series.count", "", "should be at least 2"));
        if (series.lastObservedTime().isEmpty()) check.add(FieldError.required("series.lastObservedTime"));
    }

    /// @param reporter the field of who reports, as the client knows it
    private static void shape(Event event, String reporter, Check check) {
        var about = event.involvedObject().namespace();
        var namespace = event.namespace();
        if (event.eventTime().isEmpty()) {
            boolean fits = about.isEmpty() ? namespace.equals("default") : about.equals(namespace);
            if (!fits) elsewhere(about, check);
            return;
        }
        if (about.isEmpty() && !namespace.equals("default") && !namespace.equals("kube-system"))
            elsewhere(about, check);
        var controller = event.reportingComponent();
        check.required(controller, reporter);
        check.name(controller, reporter, Names.qualifiedName(controller));
        check.required(event.reportingInstance(), "reportingInstance");
        atMost(128, event.reportingInstance(), "reportingInstance", check);
        check.required(event.action(), "action");
        atMost(128, event.action(), "action", check);
        check.required(event.reason(), "reason");
        atMost(128, event.reason(), "reason", check);
        atMost(1024, event.message(), "message", check);
    }

    private static void elsewhere(String namespace, Check check) {
        check.add(FieldError.invalid("involvedObject.namespace", namespace, "does not match event.namespace"));
    }

    private static void atMost(int length, String text, String path, Check check) {
        if (text.length() > length)
            check.add(FieldError.invalid(path, "", "can have at most " + length + " characters"));
    }
}
