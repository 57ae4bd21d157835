package io.navarch.schema.ownership;

import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Walks over trees by the ownership rules of their schema: structures and maps are granular unless they are atomic,
/// lists are sets, maps or atomic.
///
/// The results are those that server-side apply is specified by (KEP-555): which fields an object has, how two differ,
/// what one says over another, what is left without some fields.
final class TypedTree {
    private TypedTree() {}

    /// Where an object differs from an older one. Structures, maps and list elements that came or went are in it
    /// themselves, beside what is in them.
    record Comparison(FieldSet added, FieldSet removed, FieldSet modified) {
        Comparison() {
            this(new FieldSet(), new FieldSet(), new FieldSet());
        }

        FieldSet changed() {
            return added.union(modified);
        }

        boolean same() {
            return added.isEmpty() && removed.isEmpty() && modified.isEmpty();
        }

        Comparison without(FieldSet fields) {
            return fields.isEmpty()
                    ? this
                    : new Comparison(
                            added.recursiveDifference(fields),
                            removed.recursiveDifference(fields),
                            modified.recursiveDifference(fields));
        }
    }

    /// How a value is owned; decided by the value where the schema leaves it open.
    private enum Shape {
        SCALAR,
        MAP,
        LIST
    }

    private static Shape shape(Object tree) {
        return tree instanceof Map ? Shape.MAP : tree instanceof List ? Shape.LIST : Shape.SCALAR;
    }

    private static boolean granular(Object tree, Schema schema) {
        return switch (tree) {
            case Map<?, ?> map -> schema == null || !schema.atomicMap();
            case List<?> list -> granularList(schema);
            case null, default -> false;
        };
    }

    private static boolean granularList(Schema schema) {
        return schema != null && schema.listType() != Schema.ListType.ATOMIC;
    }

    private static boolean empty(Object tree) {
        return tree == null
                || tree instanceof Map<?, ?> map && map.isEmpty()
                || tree instanceof List<?> list && list.isEmpty();
    }

    /// The element of a set or map list as a path element.
    private static String element(Object item, Schema list) {
        return list.listType() == Schema.ListType.MAP && item instanceof Map<?, ?> map
                ? FieldSet.keys(map, list)
                : FieldSet.value(item);
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
        if (!granular(tree, schema)) {
            if (tree != null) into.add();
        } else if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                var name = (String) key;
                var child = new FieldSet();
                collect(value, property(schema, name), child);
                boolean bare = value == null || value instanceof Map<?, ?> inner && inner.isEmpty();
                if (bare || !declared(schema, name)) child.add();
                if (!child.isEmpty()) into.put(FieldSet.field(name), child);
            });
        } else if (tree instanceof List<?> list) {
            for (var item : list) {
                var child = into.childOrNew(element(item, schema));
                child.add();
                collect(item, items(schema), child);
            }
        }
    }

    /// Adds every structure that a set has something of, as structures of a schema are in no set by themselves.
    static FieldSet withStructures(FieldSet set, Schema schema) {
        var result = new FieldSet();
        if (set.member()) result.add();
        set.forEachChild((element, child) -> {
            boolean field = element.startsWith("f:");
            var name = element.substring(2);
            var made = withStructures(child, field ? property(schema, name) : items(schema));
            if (field && child.hasChildren() && declared(schema, name)) made.add();
            result.put(element, made);
        });
        return result;
    }

    /// Brings a set that was written under an older schema up to date: what has become atomic since is owned as a
    /// whole.
    static FieldSet underSchema(FieldSet set, Schema schema) {
        if (schema == null || !set.hasChildren()) return set;
        boolean atomic = schema.type() == Schema.Type.ARRAY && !granularList(schema)
                || schema.type() == Schema.Type.OBJECT && schema.atomicMap();
        var result = new FieldSet();
        if (atomic || set.member()) result.add();
        if (atomic) return result;
        set.forEachChild((element, child) -> {
            var below = element.startsWith("f:") ? property(schema, element.substring(2)) : items(schema);
            result.put(element, underSchema(child, below));
        });
        return result;
    }

    static Comparison compare(Object before, Object after, Schema schema) {
        var result = new Comparison();
        walk(before, after, true, true, schema, result.added, result.removed, result.modified);
        return result;
    }

    private static void walk(
            Object before,
            Object after,
            boolean was,
            boolean is,
            Schema schema,
            FieldSet added,
            FieldSet removed,
            FieldSet modified) {
        // Most of an object stays as it is.
        if (was && is && Trees.same(before, after)) return;
        var left = shape(before);
        var right = shape(after);
        boolean leaf = empty(before) && empty(after)
                || left == Shape.SCALAR && right == Shape.SCALAR
                || !granular(was ? before : after, schema) && !granular(is ? after : before, schema);
        if (leaf) {
            if (!was) added.add();
            else if (!is) removed.add();
            else if (!Trees.same(before, after)) modified.add();
            return;
        }
        if (left == Shape.MAP || right == Shape.MAP) {
            zip(
                    left == Shape.MAP ? fieldsOf((Map<?, ?>) before) : Map.of(),
                    right == Shape.MAP ? fieldsOf((Map<?, ?>) after) : Map.of(),
                    schema,
                    true,
                    added,
                    removed,
                    modified);
        }
        if ((left == Shape.LIST || right == Shape.LIST) && granularList(schema)) {
            zip(
                    left == Shape.LIST ? index((List<?>) before, schema) : Map.of(),
                    right == Shape.LIST ? index((List<?>) after, schema) : Map.of(),
                    schema,
                    false,
                    added,
                    removed,
                    modified);
        }
        if (was && is && left != right && before != null && after != null) modified.add();
        if (!was) added.add();
        if (!is) removed.add();
    }

    private static void zip(
            Map<String, Object> before,
            Map<String, Object> after,
            Schema schema,
            boolean fields,
            FieldSet added,
            FieldSet removed,
            FieldSet modified) {
        before.forEach((element, old) -> step(
                element, old, after.get(element), true, after.containsKey(element), schema, added, removed, modified));
        after.forEach((element, now) -> {
            if (!before.containsKey(element)) step(element, null, now, false, true, schema, added, removed, modified);
        });
    }

    private static void step(
            String element,
            Object before,
            Object after,
            boolean was,
            boolean is,
            Schema schema,
            FieldSet added,
            FieldSet removed,
            FieldSet modified) {
        var below = element.startsWith("f:") ? property(schema, element.substring(2)) : items(schema);
        var more = new FieldSet();
        var less = new FieldSet();
        var other = new FieldSet();
        walk(before, after, was, is, below, more, less, other);
        if (!more.isEmpty()) added.put(element, more);
        if (!less.isEmpty()) removed.put(element, less);
        if (!other.isEmpty()) modified.put(element, other);
    }

    private static Map<String, Object> fieldsOf(Map<?, ?> map) {
        var result = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
        map.forEach((key, value) -> result.put(FieldSet.field((String) key), value));
        return result;
    }

    private static Map<String, Object> index(List<?> list, Schema schema) {
        var result = new LinkedHashMap<String, Object>();
        for (var item : list) result.putIfAbsent(element(item, schema), item);
        return result;
    }

    /// What `applied` says, over `live`; neither is changed.
    @SuppressWarnings("unchecked")
    static Object merge(Object live, Object applied, Schema schema) {
        if (live instanceof Map<?, ?> && applied == null && granular(live, schema)) return live;
        if (live instanceof Map<?, ?> old && applied instanceof Map<?, ?> now && granular(live, schema)) {
            var result = new LinkedHashMap<>((Map<String, Object>) old);
            now.forEach((key, value) -> {
                var name = (String) key;
                result.put(
                        name,
                        result.containsKey(name)
                                ? merge(result.get(name), value, property(schema, name))
                                : Trees.copy(value));
            });
            return result;
        }
        if (live instanceof List<?> old && granularList(schema)) {
            if (applied == null) return live;
            if (applied instanceof List<?> now) return mergeLists(old, now, schema);
        }
        return Trees.copy(applied);
    }

    /// Elements come in the order of `now`; those that only `old` has keep their place before what followed them.
    private static List<Object> mergeLists(List<?> old, List<?> now, Schema schema) {
        var wanted = index(now, schema);
        var present = index(old, schema);
        var shared =
                wanted.keySet().stream().filter(present::containsKey).toList().iterator();
        var next = shared.hasNext() ? shared.next() : null;
        var left = new ArrayList<>(present.keySet());
        var right = new ArrayList<>(wanted.keySet());
        var result = new ArrayList<Object>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size()) {
                var key = left.get(i);
                if (!wanted.containsKey(key)) {
                    result.add(present.get(key));
                    i++;
                    continue;
                }
                if (j == right.size() || !key.equals(next)) {
                    // It is in both, and comes (or came) where the new order has it.
                    i++;
                    continue;
                }
            }
            if (j == right.size()) continue;
            var key = right.get(j++);
            boolean both = present.containsKey(key);
            result.add(both ? merge(present.get(key), wanted.get(key), items(schema)) : Trees.copy(wanted.get(key)));
            if (key.equals(next)) {
                next = shared.hasNext() ? shared.next() : null;
                if (i < left.size() && key.equals(left.get(i))) i++;
            }
        }
        return result;
    }

    /// The tree without the member paths of `fields`; `null` for a structure or list of which nothing is left.
    static Object without(Object tree, FieldSet fields, Schema schema) {
        if (!granular(tree, schema) || empty(tree)) return tree;
        if (tree instanceof Map<?, ?> map) {
            var result = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
            map.forEach((key, value) -> {
                var name = (String) key;
                var child = fields.child(FieldSet.field(name));
                if (child == null) result.put(name, value);
                else if (!child.member()) {
                    result.put(name, child.isEmpty() ? value : without(value, child, property(schema, name)));
                }
            });
            return result.isEmpty() ? null : result;
        }
        var result = new ArrayList<Object>();
        for (var item : (List<?>) tree) {
            var child = fields.child(element(item, schema));
            if (child == null) result.add(item);
            else if (!child.member()) {
                result.add(Objects.requireNonNullElse(without(item, child, items(schema)), item));
            }
        }
        return result.isEmpty() ? null : result;
    }
}
