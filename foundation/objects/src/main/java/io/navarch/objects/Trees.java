package io.navarch.objects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Building and changing object trees.
public final class Trees {
    private Trees() {}

    /// A mutable map of alternating keys and values, without the keys whose value is `null`.
    public static Map<String, Object> map(@Nullable Object... keysAndValues) {
        var result = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (keysAndValues[i + 1] != null) result.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return result;
    }

    public static List<Object> list(Object... elements) {
        return new ArrayList<>(List.of(elements));
    }

    /// Sets the value at a path, creating the maps in between.
    public static void put(Map<String, Object> root, @Nullable Object value, String... path) {
        var map = root;
        for (int i = 0; i < path.length - 1; i++) map = child(map, path[i]);
        map.put(path[path.length - 1], value);
    }

    /// Sets the value unless there is one other than `null`.
    public static void putIfAbsent(Map<String, Object> root, @Nullable Object value, String... path) {
        var map = root;
        for (int i = 0; i < path.length - 1; i++) map = child(map, path[i]);
        if (map.get(path[path.length - 1]) == null) map.put(path[path.length - 1], value);
    }

    public static void remove(Map<String, Object> root, String... path) {
        Object here = root;
        for (int i = 0; i < path.length - 1; i++) {
            if (!(here instanceof Map<?, ?> map)) return;
            here = map.get(path[i]);
        }
        if (here instanceof Map<?, ?> map) map.remove(path[path.length - 1]);
    }

    /// The map in a field, created if the field holds none.
    @SuppressWarnings("unchecked")
    public static Map<String, Object> child(Map<String, Object> map, String field) {
        if (map.get(field) instanceof Map<?, ?> existing) return (Map<String, Object>) existing;
        var made = new LinkedHashMap<String, Object>();
        map.put(field, made);
        return made;
    }

    /// The list in a field, created if the field holds none.
    @SuppressWarnings("unchecked")
    public static List<Object> childList(Map<String, Object> map, String field) {
        if (map.get(field) instanceof List<?> existing) return (List<Object>) existing;
        var made = new ArrayList<Object>();
        map.put(field, made);
        return made;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // The copy of something is something.
    public static <T> T copy(T tree) {
        return (T) copyOf(tree);
    }

    /// As [#copy], for a value that may be `null`.
    public static @Nullable Object copyOf(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            var result = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
            map.forEach((key, value) -> result.put((String) key, copyOf(value)));
            return result;
        }
        if (tree instanceof List<?> list) {
            var result = new ArrayList<Object>(list.size());
            for (var element : list) result.add(copyOf(element));
            return result;
        }
        return tree;
    }

    /// Whether a tree has more levels than so many.
    public static boolean deeper(@Nullable Object tree, int levels) {
        return switch (tree) {
            case Map<?, ?> map -> levels == 0 || map.values().stream().anyMatch(value -> deeper(value, levels - 1));
            case List<?> list -> levels == 0 || list.stream().anyMatch(value -> deeper(value, levels - 1));
            case null, default -> false;
        };
    }

    /// Equality in which `1` and `1.0` are the same number, and an absent, a `null` and an empty field the same nothing
    /// (`apiequality.Semantic` of Kubernetes).
    public static boolean semanticEquals(@Nullable Object left, @Nullable Object right) {
        return equal(left, right, true);
    }

    /// Equality of canonical trees: an empty map differs from none; numbers are compared by value.
    public static boolean same(@Nullable Object left, @Nullable Object right) {
        return equal(left, right, false);
    }

    private static boolean equal(@Nullable Object left, @Nullable Object right, boolean emptyIsNothing) {
        if (left == right) return true;
        if (emptyIsNothing && isEmpty(left) && isEmpty(right)) return true;
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) return equalMaps(a, b, emptyIsNothing);
        if (left instanceof List<?> a && right instanceof List<?> b) {
            if (a.size() != b.size()) return false;
            for (int i = 0; i < a.size(); i++) {
                if (!equal(a.get(i), b.get(i), emptyIsNothing)) return false;
            }
            return true;
        }
        if (left instanceof Number a && right instanceof Number b) return a.doubleValue() == b.doubleValue();
        return Objects.equals(left, right);
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b, boolean emptyIsNothing) {
        if (!emptyIsNothing && a.size() != b.size()) return false;
        for (var entry : a.entrySet()) {
            if (!emptyIsNothing && !b.containsKey(entry.getKey())) return false;
            if (!equal(entry.getValue(), b.get(entry.getKey()), emptyIsNothing)) return false;
        }
        if (!emptyIsNothing) return true;
        for (var entry : b.entrySet()) {
            if (!a.containsKey(entry.getKey()) && !isEmpty(entry.getValue())) return false;
        }
        return true;
    }

    /// The same with the keys of all maps in order.
    public static @Nullable Object sorted(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> {
                var result = new TreeMap<String, @Nullable Object>();
                map.forEach((key, value) -> result.put(String.valueOf(key), sorted(value)));
                yield result;
            }
            case List<?> list -> {
                var result = new ArrayList<@Nullable Object>();
                for (var element : list) result.add(sorted(element));
                yield result;
            }
            case null, default -> tree;
        };
    }

    /// The merge patch (RFC 7386) that makes one object of another: what is the same is not in it, what is gone is
    /// `null`.
    public static Map<String, Object> changes(Map<String, Object> before, Map<String, Object> after) {
        var result = new LinkedHashMap<String, Object>();
        after.forEach((field, value) -> {
            var old = before.get(field);
            if (old instanceof Map<?, ?> from && value instanceof Map<?, ?> to) {
                var inside = changes(object(from), object(to));
                if (!inside.isEmpty()) result.put(field, inside);
            } else if (!same(old, value)) {
                result.put(field, value);
            }
        });
        for (var field : before.keySet()) if (!after.containsKey(field)) put(result, null, field);
        return result;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }

    /// Whether a value is `null`, an empty map or an empty list.
    public static boolean isEmpty(@Nullable Object value) {
        return value == null
                || value instanceof Map<?, ?> map && map.isEmpty()
                || value instanceof List<?> list && list.isEmpty();
    }
}
