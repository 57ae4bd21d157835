package io.navarch.kinds;

import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition.Cell;
import io.navarch.schema.KindDefinition.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Columns that many kinds share, and the way Kubernetes writes ages and lists in cells.
public final class Columns {
    public static final Column NAME = new Column(
            "Name", "name", 0, "Name must be unique within a namespace.", (object, now) -> object.name());
    public static final Column AGE = new Column(
            "Age", "string", 0, "CreationTimestamp is the time when this object was created.",
            (object, now) -> age(object.metadata().get("creationTimestamp"), now));

    private Columns() {}

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
        return then == null ? "<unknown>" : human(Duration.between(then, now));
    }

    /// A duration as kubectl shows it: `37s`, `4m12s`, `5h`, `12d`.
    public static String human(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < -1) return "<invalid>";
        if (seconds < 0) return "0s";
        if (seconds < 120) return seconds + "s";
        long minutes = seconds / 60;
        if (minutes < 10) return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        if (minutes < 180) return minutes + "m";
        long hours = minutes / 60;
        if (hours < 8) return hours + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
        if (hours < 48) return hours + "h";
        long days = hours / 24;
        if (hours < 192) return days + "d" + (hours % 24 == 0 ? "" : hours % 24 + "h");
        if (days < 365 * 2) return days + "d";
        long years = days / 365;
        if (days < 365 * 8) return years + "y" + (days % 365 == 0 ? "" : days % 365 + "d");
        return years + "y";
    }

    public static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    public static String joined(List<String> parts) {
        return orNone(parts.stream().collect(Collectors.joining(",")));
    }

    public static String containers(View podSpec) {
        return joined(podSpec.get("containers").stream().map(c -> c.get("name").string()).toList());
    }

    public static String images(View podSpec) {
        return joined(podSpec.get("containers").stream().map(c -> c.get("image").string()).toList());
    }
}
