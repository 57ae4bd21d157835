package io.navarch.kinds.event;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import java.util.List;
import java.util.Set;

/// What an event must be, in the form in which it is stored. Events with an `eventTime` are of the new form and are
/// held to more; those written through `events.k8s.io/v1` must be of that form.
final class EventRules {
    private static final List<String> FIXED = List.of(
            "involvedObject",
            "reason",
            "message",
            "source",
            "firstTimestamp",
            "lastTimestamp",
            "count",
            "type",
            "eventTime",
            "action",
            "related",
            "reportingController",
            "reportingInstance");

    private EventRules() {}

    /// For events written through the core group.
    static List<FieldError> lenient(View event, View old) {
        var check = new Check();
        shape(event, check);
        return check.errors();
    }

    /// For events written through `events.k8s.io/v1`.
    static List<FieldError> strict(View event, View old) {
        var check = new Check();
        shape(event, check);
        if (!old.exists() || !event.get("series").map().equals(old.get("series").map())) series(event, check);
        if (old.exists()) {
            for (var field : FIXED) {
                var stored = field.equals("reportingController") ? "reportingComponent" : field;
                check.immutable(event.get(stored), old.get(stored), field);
            }
            return check.errors();
        }
        if (!timed(event, "eventTime")) check.add(FieldError.required("eventTime"));
        var type = event.get("type").string();
        if (!Set.of("Normal", "Warning").contains(type))
            check.add(FieldError.invalid("type", "", "has invalid value: " + type));
        for (var field : List.of("firstTimestamp", "lastTimestamp"))
            if (timed(event, field)) check.add(FieldError.invalid(field, "", "needs to be unset"));
        if (event.get("count").longOr(0) != 0) check.add(FieldError.invalid("count", "", "needs to be unset"));
        if (!event.get("source", "component").string().isEmpty()
                || !event.get("source", "host").string().isEmpty())
            check.add(FieldError.invalid("source", "", "needs to be unset"));
        return check.errors();
    }

    private static boolean timed(View event, String field) {
        return Timestamps.parse(event.get(field).string()) != null;
    }

    private static void series(View event, Check check) {
        var series = event.get("series");
        if (!series.exists()) return;
        if (series.get("count").longOr(0) < 2)
            check.add(FieldError.invalid("series.count", "", "should be at least 2"));
        if (!timed(series, "lastObservedTime")) check.add(FieldError.required("series.lastObservedTime"));
    }

    private static void shape(View event, Check check) {
        var about = event.get("involvedObject", "namespace").string();
        var namespace = event.namespace();
        if (!timed(event, "eventTime")) {
            boolean fits = about.isEmpty() ? namespace.equals("default") : about.equals(namespace);
            if (!fits) elsewhere(about, check);
            return;
        }
        if (about.isEmpty() && !namespace.equals("default") && !namespace.equals("kube-system"))
            elsewhere(about, check);
        var controller = event.get("reportingComponent").string();
        check.required(event.get("reportingComponent"), "reportingController");
        check.name(controller, "reportingController", Names.qualifiedName(controller));
        text(event, "reportingInstance", 128, true, check);
        text(event, "action", 128, true, check);
        text(event, "reason", 128, true, check);
        text(event, "message", 1024, false, check);
    }

    private static void elsewhere(String namespace, Check check) {
        check.add(FieldError.invalid("involvedObject.namespace", namespace, "does not match event.namespace"));
    }

    private static void text(View event, String field, int most, boolean needed, Check check) {
        if (needed) check.required(event.get(field), field);
        if (event.get(field).string().length() > most)
            check.add(FieldError.invalid(field, "", "can have at most " + most + " characters"));
    }
}
