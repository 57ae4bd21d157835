package io.navarch.kinds.support;

import io.navarch.model.AnyObject;
import io.navarch.model.Container;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.objects.Durations;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Lens;
import io.navarch.objects.Timestamps;
import io.navarch.objects.View;
import io.navarch.schema.ColumnList;
import io.navarch.schema.KindDefinition.Cell;
import io.navarch.schema.KindDefinition.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Columns that many kinds share, and the way Kubernetes writes ages and lists in cells.
public final class Columns {
    public static final Column NAME =
            new Column("Name", "name", 0, "Name must be unique within a namespace.", (object, now) -> object.name());
    public static final Column AGE = new Column(
            "Age",
            "string",
            0,
            "CreationTimestamp is the time when this object was created.",
            (object, now) -> age(AnyObject.of(object).metadata().creationTimestamp(), now));

    public static final Column CREATED = text(
            "Created At",
            AnyObject::of,
            object -> object.metadata().raw(ObjectMeta.CREATION_TIMESTAMP).string());

    private Columns() {}

    /// What the pods of a template run, in wide output.
    public static <T extends Lens> void template(ColumnList<T> columns, Function<T, PodTemplateSpec> template) {
        columns.wide("Containers", object -> containers(template.apply(object).spec()))
                .wide("Images", object -> images(template.apply(object).spec()));
    }

    /// A label selector as text.
    public static String selector(Lens selector) {
        return orNone(LabelSelector.ofObject(selector).toString());
    }

    /// Labels that must all be there, as text.
    public static String labels(Map<String, String> labels) {
        return orNone(LabelSelector.ofLabels(labels).toString());
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

    public static <T> Column text(String name, Function<View, T> as, Function<T, String> cell) {
        return text(name, as.andThen(cell));
    }

    public static <T> Column wide(String name, Function<View, T> as, Function<T, String> cell) {
        return wide(name, as.andThen(cell));
    }

    public static <T> Column number(String name, Function<View, T> as, Function<T, Integer> cell) {
        return number(name, as.andThen(cell).andThen(Integer::longValue));
    }

    public static Column timed(String name, Cell cell) {
        return new Column(name, "string", 0, "", cell);
    }

    public static String age(View timestamp, Instant now) {
        return age(Optional.ofNullable(Timestamps.parse(timestamp.string())), now);
    }

    public static String age(Optional<Instant> since, Instant now) {
        return since.map(then -> Durations.human(Duration.between(then, now))).orElse("<unknown>");
    }

    public static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    public static String joined(List<String> parts) {
        return orNone(String.join(",", parts));
    }

    /// The first three, and how many more there are.
    public static String few(List<String> parts, String nothing) {
        if (parts.isEmpty()) return nothing;
        if (parts.size() <= 3) return String.join(",", parts);
        return String.join(",", parts.subList(0, 3)) + " + " + (parts.size() - 3) + " more...";
    }

    public static String containers(PodSpec spec) {
        return joined(spec.containers().stream().map(Container::name).toList());
    }

    public static String images(PodSpec spec) {
        return joined(spec.containers().stream().map(Container::image).toList());
    }
}
