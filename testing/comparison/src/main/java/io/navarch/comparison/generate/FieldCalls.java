package io.navarch.comparison.generate;

import io.navarch.comparison.Call;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.patch.MergePatch;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Calls that try every field of a kind: created, updated, patched and applied with whatever can be there. All are dry
/// runs, so that each meets the same objects.
public final class FieldCalls {
    private static final String DRY = "?dryRun=All&fieldManager=compare";

    private final Sample sample;
    private final List<Place> places;

    public FieldCalls(Sample sample) {
        this.sample = sample;
        places = Places.of(sample.version().schema());
    }

    private String name(String verb, Place place, String value) {
        return sample.name() + " " + verb + " " + place + " = " + value;
    }

    private String object() {
        return sample.collection() + "/" + sample.objectName().orElse("a");
    }

    /// What makes the object that updates and patches are about.
    public Call setUp() {
        return Call.of(sample.name() + " is made", "POST", sample.collection(), sample.object());
    }

    public Call read() {
        return Call.get(sample.name() + " is read", object());
    }

    public Call tearDown() {
        return Call.of(sample.name() + " is removed", "DELETE", object(), Map.of("gracePeriodSeconds", 0));
    }

    public Stream<Call> creations() {
        var changed = sample.changes().stream()
                .map(change -> creation(
                        sample.name() + " create with " + Json.writeString(change),
                        Objects.requireNonNull(MergePatch.apply(Trees.copy(sample.object()), change))));
        return Stream.concat(changed, places.stream().flatMap(this::creations));
    }

    private Call creation(String name, Object object) {
        return Call.of(name, "POST", sample.collection() + DRY, object);
    }

    private Stream<Call> creations(Place place) {
        var calls = new ArrayList<Call>();
        if (place.get(sample.object()) != null)
            calls.add(creation(name("create", place, "absent"), place.remove(sample.object())));
        for (var value : Values.of(place.schema(), place.field()))
            calls.add(creation(name("create", place, value.name()), place.set(sample.object(), value.value())));
        return calls.stream();
    }

    /// @param stored the object as the server has it
    public Stream<Call> updates(Map<String, Object> stored) {
        return places.stream().filter(place -> !status(place)).flatMap(place -> {
            var calls = new ArrayList<Call>();
            if (place.get(stored) != null) calls.add(update("", name("update", place, "absent"), place.remove(stored)));
            for (var value : sane(place))
                calls.add(update("", name("update", place, value.name()), place.set(stored, value.value())));
            return calls.stream();
        });
    }

    public Stream<Call> statuses(Map<String, Object> stored) {
        if (!sample.kind().hasStatus()) return Stream.empty();
        return places.stream()
                .filter(FieldCalls::status)
                .flatMap(place -> Values.of(place.schema(), place.field()).stream()
                        .map(value -> update(
                                "/status", name("status", place, value.name()), place.set(stored, value.value()))));
    }

    private static boolean status(Place place) {
        return place.steps().getFirst().equals("status");
    }

    private Call update(String subresource, String name, Map<String, Object> object) {
        var copy = Trees.copy(object);
        Trees.remove(copy, "metadata", "managedFields");
        return Call.of(name, "PUT", object() + subresource + DRY, copy);
    }

    /// Values of the right type.
    private static List<Values.Named> sane(Place place) {
        return Values.of(place.schema(), place.field()).stream()
                .filter(value -> value.value() != null && fits(place.schema(), value.value()))
                .limit(4)
                .toList();
    }

    private static boolean fits(Schema schema, Object value) {
        return schema.intOrString()
                || switch (schema.type()) {
                    case STRING -> value instanceof String text && !text.isEmpty();
                    case INTEGER -> value instanceof Long number && number >= 0;
                    case NUMBER -> value instanceof Number;
                    case BOOLEAN -> value instanceof Boolean;
                    case ARRAY -> value instanceof List<?> list && !list.isEmpty() && list.getFirst() != null;
                    case OBJECT -> value instanceof Map<?, ?> map && !map.isEmpty();
                    case ANY -> true;
                };
    }

    public Stream<Call> patches() {
        return places.stream().flatMap(place -> {
            var calls = new ArrayList<Call>();
            var uri = object() + (status(place) && sample.kind().hasStatus() ? "/status" : "") + DRY;
            var pointer = "/" + String.join("/", place.steps());
            calls.add(
                    Call.patch(name("merge", place, "null"), uri, "application/merge-patch+json", around(place, null)));
            calls.add(Call.patch(
                    name("json", place, "remove"),
                    uri,
                    "application/json-patch+json",
                    List.of(Map.of("op", "remove", "path", pointer))));
            sane(place).stream().limit(2).forEach(value -> {
                var patch = around(place, value.value());
                calls.add(Call.patch(name("merge", place, value.name()), uri, "application/merge-patch+json", patch));
                calls.add(Call.patch(
                        name("strategic", place, value.name()), uri, "application/strategic-merge-patch+json", patch));
                var add = new LinkedHashMap<String, @Nullable Object>();
                add.put("op", "add");
                add.put("path", pointer);
                add.put("value", value.value());
                calls.add(Call.patch(
                        name("json", place, value.name()), uri, "application/json-patch+json", List.of(add)));
                calls.add(Call.patch(
                        name("apply", place, value.name()),
                        uri,
                        "application/apply-patch+yaml",
                        applied(place, value)));
            });
            return calls.stream();
        });
    }

    private Map<String, Object> applied(Place place, Values.Named value) {
        var applied = new LinkedHashMap<String, Object>();
        applied.put("apiVersion", View.of(sample.object()).get("apiVersion").string());
        applied.put("kind", sample.kind().kind());
        applied.put(
                "metadata",
                new LinkedHashMap<>(Map.of("name", sample.objectName().orElse("a"))));
        return place.set(applied, value.value());
    }

    private static Map<String, Object> around(Place place, @Nullable Object value) {
        return place.set(new LinkedHashMap<>(), value);
    }
}
