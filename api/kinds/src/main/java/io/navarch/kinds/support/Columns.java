package io.navarch.kinds.support;

import io.navarch.model.Container;
import io.navarch.model.PodSpec;
import io.navarch.model.PodTemplateSpec;
import io.navarch.objects.Durations;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Lens;
import io.navarch.schema.ColumnList;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Columns that many kinds share, and the way Kubernetes writes ages, lists and selectors in cells.
public final class Columns {
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
