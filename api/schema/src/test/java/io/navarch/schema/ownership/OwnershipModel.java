package io.navarch.schema.ownership;

import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Server-side apply as its documentation tells it, without trees: an object is a set of paths with values,
/// each manager has a set of paths.
///
/// The rules:
/// 1. What is applied is in the object afterwards, and belongs to who applied it.
/// 2. A value that differs from the live one and belongs to somebody else is a conflict; by force it changes hands.
/// 3. A value that is the same is shared.
/// 4. What somebody no longer applies goes, unless somebody else has it too.
/// 5. An update owns what it changes or adds, takes it from everybody else, and what it removes is nobody's.
/// 6. Nothing else changes.
final class OwnershipModel {
    final Map<String, Object> values = new TreeMap<>();
    final Map<String, Set<String>> owners = new HashMap<>();

    /// The paths of others that differ from the applied ones, by their owner.
    Map<String, Set<String>> conflicts(String manager, Map<String, Object> applied) {
        var result = new HashMap<String, Set<String>>();
        owners.forEach((other, paths) -> {
            if (other.equals(manager)) return;
            var taken = new TreeSet<String>();
            for (var path : paths)
                if (applied.containsKey(path) && !applied.get(path).equals(values.get(path))) taken.add(path);
            if (!taken.isEmpty()) result.put(other, taken);
        });
        return result;
    }

    void apply(String manager, Map<String, Object> applied) {
        conflicts(manager, applied).forEach((other, paths) -> owners.get(other).removeAll(paths));
        var before = owners.getOrDefault(manager, Set.of());
        owners.put(manager, new HashSet<>(applied.keySet()));
        values.putAll(applied);
        for (var path : before) if (!owned(path)) values.remove(path);
        forgetIdle();
    }

    void update(String manager, Map<String, Object> now) {
        var touched = new HashSet<String>();
        now.forEach((path, value) -> {
            if (!value.equals(values.get(path))) touched.add(path);
        });
        for (var paths : owners.values()) paths.removeIf(path -> touched.contains(path) || !now.containsKey(path));
        owners.computeIfAbsent(manager, key -> new HashSet<>()).addAll(touched);
        values.clear();
        values.putAll(now);
        forgetIdle();
    }

    private boolean owned(String path) {
        return owners.values().stream().anyMatch(paths -> paths.contains(path));
    }

    private void forgetIdle() {
        owners.values().removeIf(Set::isEmpty);
    }

    /// The paths of an object below `spec`: values, elements of lists, and nothing in between.
    static Map<String, Object> flat(Object tree, Schema schema) {
        var result = new TreeMap<String, Object>();
        flatten(tree, schema, "", result);
        return result;
    }

    private static void flatten(Object tree, Schema schema, String path, Map<String, Object> into) {
        switch (tree) {
            case null -> {}
            case Map<?, ?> map
            when !schema.atomicMap() ->
                map.forEach((key, value) -> flatten(value, schema.property((String) key), path + "." + key, into));
            case List<?> list
            when schema.listType() == Schema.ListType.SET -> {
                for (var item : list) into.put(path + "[=" + item + "]", "");
            }
            case List<?> list
            when schema.listType() == Schema.ListType.MAP -> {
                for (var item : list) {
                    var element = path + "[" + View.of(item).get("name").string() + "]";
                    into.put(element, "");
                    flatten(item, schema.items(), element, into);
                }
            }
            default -> into.put(path, tree);
        }
    }

    static boolean granular(Schema schema) {
        return schema.type() == Schema.Type.OBJECT && !schema.atomicMap()
                || schema.type() == Schema.Type.ARRAY && schema.listType() != Schema.ListType.ATOMIC;
    }

    /// The paths that `fieldsV1` names, in the same form.
    static Set<String> paths(View fieldsV1, Schema schema) {
        var result = new HashSet<String>();
        collect(fieldsV1, schema, "", false, result);
        return result;
    }

    private static void collect(View fields, Schema schema, String path, boolean element, Set<String> into) {
        // Structures and lists that have parts are told by their parts.
        boolean leaf = fields.map().isEmpty() && !granular(schema);
        if (leaf || element && (fields.map().isEmpty() || fields.get(".").exists())) into.add(path);
        fields.map().keySet().forEach(key -> {
            var rest = key.length() < 2 ? "" : key.substring(2);
            if (key.startsWith("f:")) collect(fields.get(key), schema.property(rest), path + "." + rest, false, into);
            if (key.startsWith("v:"))
                collect(fields.get(key), schema.items(), path + "[=" + rest.replace("\"", "") + "]", true, into);
            if (key.startsWith("k:")) {
                var name = rest.substring(rest.indexOf(':') + 2, rest.length() - 2);
                collect(fields.get(key), schema.items(), path + "[" + name + "]", true, into);
            }
        });
    }
}
