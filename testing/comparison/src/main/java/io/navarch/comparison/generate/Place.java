package io.navarch.comparison.generate;

import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A field somewhere in an object: the names on the way to it, `0` for the first element of a list.
///
/// @param schemas of each step; the last is the field's
record Place(List<String> steps, List<Schema> schemas) {
    static final String FIRST = "0";

    static final Place ROOT = new Place(List.of(), List.of());

    Place then(String step, Schema schema) {
        var longer = new ArrayList<>(steps);
        longer.add(step);
        var more = new ArrayList<>(schemas);
        more.add(schema);
        return new Place(longer, more);
    }

    Schema schema() {
        return schemas.getLast();
    }

    String field() {
        return steps.getLast();
    }

    @Override
    public String toString() {
        return String.join(".", steps).replace(".0", "[0]");
    }

    /// A copy of the object with this value here; what is missing on the way is made, with the fields it needs.
    Map<String, Object> set(Map<String, Object> object, @Nullable Object value) {
        var copy = Trees.copy(object);
        put(parent(copy), value);
        return copy;
    }

    /// A copy of the object without this field.
    Map<String, Object> remove(Map<String, Object> object) {
        var copy = Trees.copy(object);
        switch (parent(copy)) {
            case Map<?, ?> map -> map.remove(field());
            case List<?> list -> {
                if (!list.isEmpty()) list.removeFirst();
            }
            default -> {}
        }
        return copy;
    }

    /// The value here; `null` if there is none.
    @Nullable
    Object get(Map<String, Object> object) {
        @Nullable Object here = object;
        for (var step : steps) here = step(here, step);
        return here;
    }

    private static @Nullable Object step(@Nullable Object here, String step) {
        return switch (here) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list when !list.isEmpty() -> list.getFirst();
            case null, default -> null;
        };
    }

    @SuppressWarnings("unchecked")
    private void put(Object parent, @Nullable Object value) {
        if (parent instanceof Map<?, ?> map) ((Map<String, @Nullable Object>) map).put(field(), value);
        else if (parent instanceof List<?> list) {
            var elements = (List<@Nullable Object>) list;
            if (elements.isEmpty()) elements.add(value);
            else elements.set(0, value);
        }
    }

    private Object parent(Map<String, Object> object) {
        Object here = object;
        for (int i = 0; i < steps.size() - 1; i++) {
            var next = step(here, steps.get(i));
            if (!(next instanceof Map || next instanceof List)) {
                next = Skeleton.of(schemas.get(i), steps.get(i));
                if (!(next instanceof Map || next instanceof List)) next = new LinkedHashMap<String, Object>();
                new Place(steps.subList(0, i + 1), schemas.subList(0, i + 1)).put(here, next);
            }
            here = next;
        }
        return here;
    }
}
