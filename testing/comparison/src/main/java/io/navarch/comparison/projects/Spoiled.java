package io.navarch.comparison.projects;

import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Variants of an object, each with one thing changed of which its schema, or a rule of it, has something to say.
final class Spoiled {
    /// @param name what was changed
    record Variant(String name, Object object) {}

    private static final int DEEPEST = 14;
    /// Longer lists say no more.
    private static final int LONGEST_LIST = 300;
    /// Elements of a list and entries of a map that are looked into.
    private static final int LOOKED_INTO = 2;

    private record Change(String name, Supplier<Object> object) {}

    private final List<Change> changes = new ArrayList<>();

    private Spoiled() {}

    /// @param most at the most so many, spread evenly over the object
    static List<Variant> of(Map<String, Object> object, View schema, int most) {
        var spoiled = new Spoiled();
        spoiled.object("", new LinkedHashMap<>(object), schema, tree -> tree, 0);
        var all = spoiled.changes;
        int count = Math.min(most, all.size());
        var result = new ArrayList<Variant>();
        for (int i = 0; i < count; i++) {
            var change = all.get((int) ((long) i * all.size() / count));
            result.add(new Variant(change.name, change.object.get()));
        }
        return result;
    }

    /// @param into makes the whole object of the value that is to stand here
    private void walk(
            String path, @Nullable Object value, View schema, Function<@Nullable Object, Object> into, int depth) {
        if (depth > DEEPEST) return;
        set(path, "null", null, into);
        if (schema.get("x-kubernetes-preserve-unknown-fields").bool()
                && !schema.get("properties").exists()) return;
        if (!schema.get("x-kubernetes-int-or-string").bool()) set(path, "other type", otherType(value), into);
        switch (value) {
            case Map<?, ?> map -> object(path, copy(map), schema, into, depth);
            case List<?> list -> list(path, list, schema, into, depth);
            case String text -> {
                for (var other : List.of("", "Unknown", "not a name!", "-1", "a".repeat(260)))
                    set(path, "\"" + (other.length() > 20 ? "a * 260" : other) + "\"", other, into);
            }
            case Number number -> {
                for (long other : new long[] {-1, 0, 70_000, 1L << 33}) set(path, String.valueOf(other), other, into);
                set(path, "1.5", 1.5, into);
            }
            case null, default -> {}
        }
    }

    private static Object otherType(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> "x";
            case List<?> list -> Map.of();
            case String text -> 5L;
            case null, default -> "five";
        };
    }

    private void object(
            String path, Map<String, Object> map, View schema, Function<@Nullable Object, Object> into, int depth) {
        var properties = schema.get("properties");
        map.forEach((key, value) -> {
            if (depth == 0 && List.of("apiVersion", "kind", "metadata").contains(key)) return;
            var property = properties.get(key);
            if (!property.exists() && !schema.get("additionalProperties").isMap()) return;
            changes.add(new Change("without " + path + "." + key, () -> {
                var copy = copy(map);
                copy.remove(key);
                return into.apply(copy);
            }));
            walk(
                    path + "." + key,
                    value,
                    property.exists() ? property : schema.get("additionalProperties"),
                    other -> into.apply(with(map, key, other)),
                    depth + 1);
        });
        set(path, "unknown field", with(map, "unknownField", 1L), into);
        for (var name : properties.map().keySet()) {
            if (map.containsKey(name)
                    || depth == 0 && List.of("apiVersion", "kind", "metadata").contains(name)) continue;
            changes.add(new Change(
                    "with " + path + "." + name,
                    () -> into.apply(with(map, name, Grown.of(properties.get(name), true)))));
        }
    }

    private void list(String path, List<?> list, View schema, Function<@Nullable Object, Object> into, int depth) {
        set(path, "[]", List.of(), into);
        if (list.isEmpty()) return;
        var twice = new ArrayList<@Nullable Object>(list);
        twice.add(list.getFirst());
        set(path, "first twice", twice, into);
        long most = schema.get("maxItems").longOr(Long.MAX_VALUE);
        if (most < LONGEST_LIST) {
            var many = new ArrayList<@Nullable Object>();
            for (int i = 0; i <= most; i++) many.add(list.getFirst());
            set(path, "too many", many, into);
        }
        for (int i = 0; i < Math.min(LOOKED_INTO, list.size()); i++) {
            int index = i;
            walk(
                    path + "[" + i + "]",
                    list.get(i),
                    schema.get("items"),
                    other -> {
                        var copy = new ArrayList<@Nullable Object>(list);
                        copy.set(index, other);
                        return into.apply(copy);
                    },
                    depth + 1);
        }
    }

    private void set(String path, String name, @Nullable Object value, Function<@Nullable Object, Object> into) {
        changes.add(new Change(path + " = " + name, () -> into.apply(value)));
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> put(copy, String.valueOf(key), value));
        return copy;
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, @Nullable Object value) {
        var copy = copy(map);
        put(copy, key, value);
        return copy;
    }

    @SuppressWarnings("NullAway") // Null is a value of JSON; trees are declared without it.
    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        map.put(key, value);
    }
}
