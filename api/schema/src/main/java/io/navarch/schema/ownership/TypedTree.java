package io.navarch.schema.ownership;

import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Walks over trees by the ownership rules of their schema: structures and maps are granular unless they are atomic,
/// lists are sets, maps or atomic.
///
/// Implements the operations that specify server-side apply (KEP-555): the fields of an object, the difference of two
/// objects, merging one over another, removing fields.
final class TypedTree {
    private TypedTree() {}

    /// The differences between two objects. Structures, maps and list elements that were added or removed are members
    /// themselves, in addition to their content.
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

        /// Adds the differences inside an element under its name.
        private void put(String element, Comparison inside) {
            if (!inside.added.isEmpty()) added.put(element, inside.added);
            if (!inside.removed.isEmpty()) removed.put(element, inside.removed);
            if (!inside.modified.isEmpty()) modified.put(element, inside.modified);
        }

        Comparison without(FieldSet fields) {
            if (fields.isEmpty()) return this;
            return new Comparison(
                    added.recursiveDifference(fields),
                    removed.recursiveDifference(fields),
                    modified.recursiveDifference(fields));
        }
    }

    /// Stands for the value of a field or element that one of two compared trees does not have; `null` is a value.
    private static final Object MISSING = new Object();

    /// How a value is owned; where the schema leaves it open, the value decides.
    private enum Shape {
        SCALAR,
        MAP,
        LIST
    }

    private static Shape shape(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> Shape.MAP;
            case List<?> list -> Shape.LIST;
            case null, default -> Shape.SCALAR;
        };
    }

    private static boolean granular(@Nullable Object tree, Schema schema) {
        return switch (tree) {
            case Map<?, ?> map -> !schema.atomicMap();
            case List<?> list -> granularList(schema);
            case null, default -> false;
        };
    }

    private static boolean granularList(Schema schema) {
        return schema.listType() != Schema.ListType.ATOMIC;
    }

    private static boolean empty(@Nullable Object tree) {
        return tree == MISSING || Trees.isEmpty(tree);
    }

    /// The element of a set or map list as a path element.
    private static String element(@Nullable Object item, Schema list) {
        return list.listType() == Schema.ListType.MAP && item instanceof Map<?, ?> map
                ? FieldSet.keys(map, list)
                : FieldSet.value(item);
    }

    /// Whether every element of the lists that find theirs by keys has at least one of them.
    static boolean keyed(@Nullable Object tree, Schema schema) {
        if (!granular(tree, schema)) return true;
        if (tree instanceof Map<?, ?> map) {
            for (var field : map.entrySet())
                if (!keyed(field.getValue(), schema.property((String) field.getKey()))) return false;
            return true;
        }
        boolean byKeys = schema.listType() == Schema.ListType.MAP;
        for (var item : tree instanceof List<?> list ? list : List.of()) {
            if (byKeys && !(item instanceof Map<?, ?> map && FieldSet.hasKey(map, schema))) return false;
            if (!keyed(item, schema.items())) return false;
        }
        return true;
    }

    private static boolean declared(Schema schema, String name) {
        return schema.properties().containsKey(name);
    }

    /// All paths that a tree owns.
    static FieldSet fields(@Nullable Object tree, Schema schema) {
        var set = new FieldSet();
        collect(tree, schema, set);
        return set;
    }

    private static void collect(@Nullable Object tree, Schema schema, FieldSet into) {
        if (!granular(tree, schema)) {
            if (tree != null) into.add();
        } else if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                var name = (String) key;
                var child = new FieldSet();
                collect(value, schema.property(name), child);
                boolean bare = value == null || value instanceof Map<?, ?> inner && inner.isEmpty();
                if (bare || !declared(schema, name)) child.add();
                if (!child.isEmpty()) into.put(FieldSet.field(name), child);
            });
        } else if (tree instanceof List<?> list) {
            groups(list, schema).forEach((element, items) -> {
                var child = into.childOrNew(element);
                child.add();
                if (items.size() == 1) collect(items.getFirst(), schema.items(), child);
            });
        }
    }

    /// Adds the structures that contain members: sets do not list the structures of a schema themselves.
    static FieldSet withStructures(FieldSet set, Schema schema) {
        var result = new FieldSet();
        if (set.member()) result.add();
        set.forEachChild((element, child) -> {
            boolean field = element.startsWith("f:");
            var made = withStructures(child, below(element, schema));
            if (field && child.hasChildren() && declared(schema, element.substring(2))) made.add();
            result.put(element, made);
        });
        return result;
    }

    /// Migrates a set that was written under an older schema: what has since become atomic is owned as a
    /// whole.
    static FieldSet underSchema(FieldSet set, Schema schema) {
        if (!schema.exists() || !set.hasChildren()) return set;
        boolean atomic = schema.type() == Schema.Type.ARRAY && !granularList(schema)
                || schema.type() == Schema.Type.OBJECT && schema.atomicMap();
        var result = new FieldSet();
        if (atomic || set.member()) result.add();
        if (atomic) return result;
        set.forEachChild((element, child) -> {
            result.put(element, underSchema(child, below(element, schema)));
        });
        return result;
    }

    static Comparison compare(Object before, Object after, Schema schema) {
        var result = new Comparison();
        compare(before, after, schema, result);
        return result;
    }

    private static void compare(@Nullable Object before, @Nullable Object after, Schema schema, Comparison into) {
        boolean was = before != MISSING;
        boolean is = after != MISSING;
        // Most of an object stays as it is.
        if (was && is && Trees.same(before, after)) return;
        var left = shape(before);
        var right = shape(after);
        boolean leaf = empty(before) && empty(after)
                || left == Shape.SCALAR && right == Shape.SCALAR
                || !granular(was ? before : after, schema) && !granular(is ? after : before, schema);
        if (leaf) {
            if (!was) into.added.add();
            else if (!is) into.removed.add();
            else into.modified.add();
            return;
        }
        if (left == Shape.MAP || right == Shape.MAP) fields(fieldsOf(before), fieldsOf(after), schema, into);
        if ((left == Shape.LIST || right == Shape.LIST) && granularList(schema)) {
            elements(groups(before, schema), groups(after, schema), schema, into);
        }
        if (was && is && left != right && before != null && after != null) into.modified.add();
        if (!was) into.added.add();
        if (!is) into.removed.add();
    }

    private static void fields(Map<String, Object> before, Map<String, Object> after, Schema schema, Comparison into) {
        before.forEach((name, old) -> {
            var now = after.getOrDefault(name, MISSING);
            // Of most fields no more is to be said.
            if (now == MISSING || !Trees.same(old, now)) field(name, old, now, schema, into);
        });
        after.forEach((name, now) -> {
            if (!before.containsKey(name)) field(name, MISSING, now, schema, into);
        });
    }

    private static void field(
            String name, @Nullable Object before, @Nullable Object after, Schema schema, Comparison into) {
        var inside = new Comparison();
        compare(before, after, schema.property(name), inside);
        into.put(FieldSet.field(name), inside);
    }

    /// The schema of a field or of a list's elements, by the path element that leads there.
    private static Schema below(String element, Schema schema) {
        return element.startsWith("f:") ? schema.property(element.substring(2)) : schema.items();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fieldsOf(@Nullable Object tree) {
        return tree instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /// Elements of a list by what identifies them. A list that was not applied may have several of one key: they are
    /// owned together, as one value.
    private static Map<String, List<Object>> groups(@Nullable Object tree, Schema schema) {
        if (!(tree instanceof List<?> list)) return Map.of();
        var result = new LinkedHashMap<String, List<Object>>();
        for (var item : list)
            result.computeIfAbsent(element(item, schema), key -> new ArrayList<>(1))
                    .add(item);
        return result;
    }

    private static void elements(
            Map<String, List<Object>> before, Map<String, List<Object>> after, Schema schema, Comparison into) {
        before.forEach((element, old) -> group(element, old, after.getOrDefault(element, List.of()), schema, into));
        after.forEach((element, now) -> {
            if (!before.containsKey(element)) group(element, List.of(), now, schema, into);
        });
    }

    private static void group(String element, List<Object> before, List<Object> after, Schema schema, Comparison into) {
        var inside = new Comparison();
        boolean several = before.size() > 1;
        boolean now = after.size() > 1;
        if (several && now) {
            if (!Trees.same(before, after)) inside.modified.add();
        } else {
            var old = several || before.isEmpty() ? MISSING : before.getFirst();
            var made = now || after.isEmpty() ? MISSING : after.getFirst();
            if (old != MISSING || made != MISSING) compare(old, made, schema.items(), inside);
            if (several) inside.removed.add();
            if (now) inside.added.add();
        }
        into.put(element, inside);
    }

    /// Merges `applied` over `live`, changing neither.
    @SuppressWarnings("unchecked")
    static @Nullable Object merge(@Nullable Object live, @Nullable Object applied, Schema schema) {
        if (live instanceof Map<?, ?> && applied == null && granular(live, schema)) return live;
        if (live instanceof Map<?, ?> old && applied instanceof Map<?, ?> now && granular(live, schema)) {
            var result = new LinkedHashMap<>((Map<String, Object>) old);
            now.forEach((key, value) -> {
                var name = (String) key;
                result.put(
                        name,
                        result.containsKey(name)
                                ? merge(result.get(name), value, schema.property(name))
                                : Trees.copyOf(value));
            });
            return result;
        }
        if (live instanceof List<?> old && granularList(schema)) {
            if (applied == null) return live;
            if (applied instanceof List<?> now) return mergeLists(old, now, schema);
        }
        return Trees.copyOf(applied);
    }

    /// Elements take the order of `now`; those only in `old` keep their place before what followed them, also where
    /// several have one key. Several that `now` has one of are replaced by it.
    private static List<Object> mergeLists(List<?> old, List<?> now, Schema schema) {
        var wanted = groups(now, schema);
        var present = groups(old, schema);
        var left = old.stream().map(item -> element(item, schema)).toList();
        var right = List.copyOf(wanted.keySet());
        var shared = right.stream().filter(present::containsKey).toList().iterator();
        var next = shared.hasNext() ? shared.next() : null;
        var merged = new HashSet<String>();
        var result = new ArrayList<Object>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            var kept = i < left.size() ? left.get(i) : null;
            boolean same = kept != null && j < right.size() && kept.equals(right.get(j));
            if (kept != null && !same) {
                if (!wanted.containsKey(kept)) {
                    result.add(old.get(i++));
                    continue;
                }
                // It is in both lists: the new order decides where it goes.
                boolean later = j < right.size() && next != null && !next.equals(kept);
                boolean done = merged.contains(kept);
                if (later || done) i++;
                if (later) continue;
            }
            if (j == right.size()) continue;
            var key = right.get(j++);
            merged.add(key);
            result.add(mergeElement(
                    present.getOrDefault(key, List.of()), Objects.requireNonNull(wanted.get(key)), schema.items()));
            if (same) i++;
            if (same || key.equals(next)) next = shared.hasNext() ? shared.next() : null;
        }
        return result;
    }

    private static @Nullable Object mergeElement(List<Object> live, List<Object> applied, Schema schema) {
        var now = applied.getFirst();
        return live.size() == 1 ? merge(live.getFirst(), now, schema) : Trees.copyOf(now);
    }

    /// The tree without the members of `fields`; `null` if nothing of a structure or list is left.
    static @Nullable Object without(@Nullable Object tree, FieldSet fields, Schema schema) {
        if (!granular(tree, schema) || empty(tree)) return tree;
        if (tree instanceof Map<?, ?> map) {
            var result = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
            map.forEach((key, value) -> {
                var name = (String) key;
                var child = fields.child(FieldSet.field(name));
                if (child == null) result.put(name, value);
                else if (!child.member()) {
                    result.put(name, child.isEmpty() ? value : without(value, child, schema.property(name)));
                }
            });
            return result.isEmpty() ? null : result;
        }
        var result = new ArrayList<Object>();
        for (var item : tree instanceof List<?> list ? list : List.of()) {
            var child = fields.child(element(item, schema));
            if (child == null) result.add(item);
            else if (!child.member()) {
                result.add(Objects.requireNonNullElse(without(item, child, schema.items()), item));
            }
        }
        return result.isEmpty() ? null : result;
    }
}
