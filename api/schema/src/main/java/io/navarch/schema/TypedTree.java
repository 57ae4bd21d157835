package io.navarch.schema;

import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Merging, comparing and pruning trees by the ownership rules of their schema (granular and atomic structures, lists
/// that are sets or maps).
final class TypedTree {
    private TypedTree() {}

    /// Where an object differs from an older one.
    static final class Comparison {
        final FieldSet added = new FieldSet();
        final FieldSet removed = new FieldSet();
        final FieldSet modified = new FieldSet();

        FieldSet changed() {
            return added.union(modified);
        }
    }

    private static boolean granularMap(Object tree, Schema schema) {
        return tree instanceof Map && (schema == null || !schema.atomicMap());
    }

    private static Schema.ListType listType(Schema schema) {
        return schema == null ? Schema.ListType.ATOMIC : schema.listType();
    }

    /// The element of a set or map list as a path element, or `null` for an element without its keys.
    private static String element(Object item, Schema schema) {
        if (listType(schema) == Schema.ListType.SET) return FieldSet.value(item);
        return item instanceof Map<?, ?> map ? FieldSet.keys(map, schema) : FieldSet.value(item);
    }

    private static Schema items(Schema schema) {
        return schema == null ? null : schema.items();
    }

    private static Schema property(Schema schema, String name) {
        return schema == null ? null : schema.property(name);
    }

    private static boolean declared(Schema schema, String name) {
        return schema != null && schema.properties().containsKey(name);
    }

    /// All paths that a tree owns.
    static FieldSet fields(Object tree, Schema schema) {
        var set = new FieldSet();
        collect(tree, schema, set);
        return set;
    }

    private static void collect(Object tree, Schema schema, FieldSet into) {
        if (granularMap(tree, schema)) {
            ((Map<?, ?>) tree).forEach((key, value) -> {
                var name = (String) key;
                var child = into.childOrNew(FieldSet.field(name));
                collect(value, property(schema, name), child);
                boolean empty = value == null || value instanceof Map<?, ?> map && map.isEmpty();
                boolean emptyList = value instanceof List<?> list && list.isEmpty();
                if (empty || !declared(schema, name) && !emptyList && !(schema == null)) child.add();
                if (schema == null && !(value instanceof Map)) child.add();
                if (emptyList && child.isEmpty()) child.add();
            });
        } else if (tree instanceof List<?> list && listType(schema) != Schema.ListType.ATOMIC) {
            for (var item : list) {
                var child = into.childOrNew(element(item, schema));
                child.add();
                if (item instanceof Map) collect(item, items(schema), child);
            }
        } else {
            into.add();
        }
    }

    static Comparison compare(Object before, Object after, Schema schema) {
        var result = new Comparison();
        compare(before, after, schema, result.added, result.removed, result.modified);
        return result;
    }

    private static void compare(
            Object before, Object after, Schema schema, FieldSet added, FieldSet removed, FieldSet modified) {
        if (granularMap(before, schema) && granularMap(after, schema)) {
            var old = (Map<?, ?>) before;
            var now = (Map<?, ?>) after;
            for (var entry : old.entrySet()) {
                var name = (String) entry.getKey();
                compareChild(
                        FieldSet.field(name),
                        entry.getValue(),
                        now.get(name),
                        property(schema, name),
                        declared(schema, name),
                        added,
                        removed,
                        modified);
            }
            for (var entry : now.entrySet()) {
                var name = (String) entry.getKey();
                if (!old.containsKey(name)) {
                    compareChild(
                            FieldSet.field(name),
                            null,
                            entry.getValue(),
                            property(schema, name),
                            declared(schema, name),
                            added,
                            removed,
                            modified);
                }
            }
        } else if (before instanceof List<?> old
                && after instanceof List<?> now
                && listType(schema) != Schema.ListType.ATOMIC) {
            var left = index(old, schema);
            var right = index(now, schema);
            left.forEach((key, item) ->
                    compareChild(key, item, right.get(key), items(schema), false, added, removed, modified));
            right.forEach((key, item) -> {
                if (!left.containsKey(key))
                    compareChild(key, null, item, items(schema), false, added, removed, modified);
            });
        } else if (!Trees.semanticEquals(before, after)) {
            modified.add();
        }
    }

    private static void compareChild(
            String element,
            Object before,
            Object after,
            Schema schema,
            boolean declared,
            FieldSet added,
            FieldSet removed,
            FieldSet modified) {
        if (before == null && after == null) return;
        if (before == null || after == null) {
            var present = before == null ? after : before;
            var into = (before == null ? added : removed).childOrNew(element);
            collect(present, schema, into);
            boolean empty = present instanceof Map<?, ?> map && map.isEmpty();
            if (empty || !declared) into.add();
            return;
        }
        compare(
                before,
                after,
                schema,
                added.childOrNew(element),
                removed.childOrNew(element),
                modified.childOrNew(element));
        drop(added, element);
        drop(removed, element);
        drop(modified, element);
    }

    private static void drop(FieldSet set, String element) {
        var child = set.child(element);
        if (child != null && child.isEmpty()) set.remove(element);
    }

    private static Map<String, Object> index(List<?> list, Schema schema) {
        var result = new LinkedHashMap<String, Object>();
        for (var item : list) result.putIfAbsent(element(item, schema), item);
        return result;
    }

    /// What `applied` says, over `live`.
    @SuppressWarnings("unchecked")
    static Object merge(Object live, Object applied, Schema schema) {
        if (granularMap(live, schema) && granularMap(applied, schema)) {
            var result = new LinkedHashMap<>((Map<String, Object>) live);
            ((Map<String, Object>) applied)
                    .forEach((name, value) -> result.put(
                            name,
                            result.containsKey(name)
                                    ? merge(result.get(name), value, property(schema, name))
                                    : Trees.copy(value)));
            return result;
        }
        if (live instanceof List<?> old
                && applied instanceof List<?> now
                && listType(schema) != Schema.ListType.ATOMIC) {
            return mergeLists(old, now, schema);
        }
        return Trees.copy(applied);
    }

    /// Elements of `now` in their order; elements that only `old` has keep their place before what followed them.
    private static List<Object> mergeLists(List<?> old, List<?> now, Schema schema) {
        var wanted = index(now, schema);
        var present = index(old, schema);
        var result = new ArrayList<Object>();
        var rest = new ArrayList<>(present.entrySet());
        int next = 0;
        for (var entry : wanted.entrySet()) {
            while (next < rest.size() && !wanted.containsKey(rest.get(next).getKey()))
                result.add(rest.get(next++).getValue());
            if (next < rest.size()) next++;
            var existing = present.get(entry.getKey());
            result.add(
                    existing == null ? Trees.copy(entry.getValue()) : merge(existing, entry.getValue(), items(schema)));
        }
        while (next < rest.size()) {
            var entry = rest.get(next++);
            if (!wanted.containsKey(entry.getKey())) result.add(entry.getValue());
        }
        return result;
    }

    /// Removes the member paths of `fields` from the tree; a container that loses all it had goes with them only when
    /// it is a member itself.
    @SuppressWarnings("unchecked")
    static void remove(Object tree, FieldSet fields, Schema schema) {
        if (granularMap(tree, schema)) {
            var map = (Map<String, Object>) tree;
            for (var name : new ArrayList<>(map.keySet())) {
                var child = fields.child(FieldSet.field(name));
                if (child == null) continue;
                removeChild(map.get(name), child, property(schema, name), () -> map.remove(name));
            }
        } else if (tree instanceof List<?> list && listType(schema) != Schema.ListType.ATOMIC) {
            for (var item : new ArrayList<>(list)) {
                var child = fields.child(element(item, schema));
                if (child == null) continue;
                removeChild(item, child, items(schema), () -> list.removeIf(other -> Objects.equals(other, item)));
            }
        }
    }

    private static void removeChild(Object value, FieldSet fields, Schema schema, Runnable removal) {
        boolean container = value instanceof Map || value instanceof List;
        int before = size(value);
        if (container) remove(value, fields, schema);
        boolean emptied = container && before > 0 && size(value) == 0;
        boolean whole = fields.member() && (!container || size(value) == 0 || !fields.hasChildren());
        if (whole || emptied) removal.run();
    }

    private static int size(Object value) {
        return value instanceof Map<?, ?> map ? map.size() : value instanceof List<?> list ? list.size() : 0;
    }
}
