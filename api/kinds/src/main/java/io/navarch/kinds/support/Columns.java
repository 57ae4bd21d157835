package io.navarch.kinds.support;

import io.navarch.objects.Durations;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition.Cell;
import io.navarch.schema.KindDefinition.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Columns that many kinds share, and the way Kubernetes writes ages and lists in cells.
public final class Columns {
    public static final Column NAME =
            new Column("Name", "name", 0, "Name must be unique within a namespace.", (object, now) -> object.name());
    public static final Column AGE = new Column(
            "Age",
            "string",
            0,
            "CreationTimestamp is the time when this object was created.",
            (object, now) -> age(object.metadata().get("creationTimestamp"), now));

    public static final Column CREATED = text(
            "Created At", object -> object.metadata().get("creationTimestamp").string());

    private Columns() {}

    /// The text of a field, by its path.
    public static Column at(String name, String path) {
        return text(name, object -> object.path(path).text());
    }

    /// A whole number, 0 when absent.
    public static Column count(String name, String path) {
        return number(name, object -> object.path(path).longOr(0));
    }

    /// These columns, then what a pod template at this path runs, in wide output.
    public static Column[] withTemplate(String path, Column... columns) {
        var result = new ArrayList<>(List.of(columns));
        result.add(wide("Containers", object -> containers(object.path(path).spec())));
        result.add(wide("Images", object -> images(object.path(path).spec())));
        return result.toArray(Column[]::new);
    }

    /// A label selector as text.
    public static String selector(View selector) {
        return orNone(LabelSelector.ofObject(selector).toString());
    }

    public static Column text(String name, Function<View, String> reader) {
        return new Column(name, "string", 0, "", (object, now) -> reader.apply(object));
    }

    public static Column wide(String name, Function<View, String> reader) {
        return new Column(name, "string", 1, "", (object, now) -> reader.apply(object));
    }

    public static Column number(String name, Function<View, Long> reader) {
        return new Column(name, "integer", 0, "", (object, now) -> reader.apply(object));
    }

    public static Column timed(String name, Cell cell) {
        return new Column(name, "string", 0, "", cell);
    }

    public static String age(View timestamp, Instant now) {
        var then = Timestamps.parse(timestamp.string());
        return then == null ? "<unknown>" : Durations.human(Duration.between(then, now));
    }

    public static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    public static String joined(List<String> parts) {
        return orNone(parts.stream().collect(Collectors.joining(",")));
    }

    public static String containers(View podSpec) {
        return joined(podSpec.get("containers").stream()
                .map(c -> c.get("name").string())
                .toList());
    }

    public static String images(View podSpec) {
        return joined(podSpec.get("containers").stream()
                .map(c -> c.get("image").string())
                .toList());
    }
}
