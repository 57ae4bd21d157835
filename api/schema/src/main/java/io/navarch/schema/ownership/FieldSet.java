package io.navarch.schema.ownership;

import io.navarch.objects.Json;
import io.navarch.objects.View;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A set of field paths, as `metadata.managedFields[].fieldsV1` writes it: `f:` a field, `k:` a list element by its
/// keys, `v:` an element of a set by its value, `.` the path itself.
///
/// Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/ (KEP-555)
public final class FieldSet {
    /// Nearly all sets are leaves, and a body may name a third of a million of them.
    private static final NavigableMap<String, FieldSet> NONE = Collections.emptyNavigableMap();

    private boolean member;
    private NavigableMap<String, FieldSet> children = NONE;

    public static FieldSet parse(View fieldsV1) {
        var set = new FieldSet();
        fieldsV1.map().forEach((key, value) -> {
            if (key.equals(".")) set.member = true;
            else {
                var child = parse(View.of(value));
                if (child.isEmpty()) child.member = true;
                set.put(key, child);
            }
        });
        return set;
    }

    public Map<String, Object> toFieldsV1() {
        if (children.isEmpty()) return Map.of();
        var result = new LinkedHashMap<String, Object>();
        if (member) result.put(".", Map.of());
        children.forEach((key, child) -> result.put(key, child.toFieldsV1()));
        return result;
    }

    public boolean isEmpty() {
        return !member && children.isEmpty();
    }

    boolean member() {
        return member;
    }

    /// The subset below a path element; `null` when nothing below it is in the set.
    @Nullable
    FieldSet child(String element) {
        return children.get(element);
    }

    FieldSet childOrNew(String element) {
        return own().computeIfAbsent(element, key -> new FieldSet());
    }

    void add() {
        member = true;
    }

    void put(String element, FieldSet child) {
        own().put(element, child);
    }

    private NavigableMap<String, FieldSet> own() {
        if (children == NONE) children = new TreeMap<>();
        return children;
    }

    void forEachChild(BiConsumer<String, FieldSet> action) {
        children.forEach(action);
    }

    boolean hasChildren() {
        return !children.isEmpty();
    }

    /// Removes empty children.
    private FieldSet trimmed() {
        if (!children.isEmpty())
            children.values().removeIf(child -> child.trimmed().isEmpty());
        return this;
    }

    public FieldSet union(FieldSet other) {
        var result = new FieldSet();
        result.member = member || other.member;
        children.forEach((key, child) -> {
            var twin = other.children.get(key);
            result.put(key, twin == null ? child : child.union(twin));
        });
        if (!other.children.isEmpty()) other.children.forEach(result.own()::putIfAbsent);
        return result;
    }

    public FieldSet intersection(FieldSet other) {
        var result = new FieldSet();
        result.member = member && other.member;
        children.forEach((key, child) -> {
            var twin = other.children.get(key);
            if (twin != null) result.put(key, child.intersection(twin));
        });
        return result.trimmed();
    }

    public FieldSet difference(FieldSet other) {
        var result = new FieldSet();
        result.member = member && !other.member;
        children.forEach((key, child) -> {
            var twin = other.children.get(key);
            result.put(key, twin == null ? child : child.difference(twin));
        });
        return result.trimmed();
    }

    /// Like [#difference], but a path in `other` takes everything below it along.
    public FieldSet recursiveDifference(FieldSet other) {
        if (other.member) return new FieldSet();
        var result = new FieldSet();
        result.member = member;
        children.forEach((key, child) -> {
            var twin = other.children.get(key);
            result.put(key, twin == null ? child : child.recursiveDifference(twin));
        });
        return result.trimmed();
    }

    /// A set of paths of field names, such as `metadata.name`.
    public static FieldSet of(String... paths) {
        var result = new FieldSet();
        for (var path : paths) {
            var at = result;
            for (var name : path.split("\\.")) at = at.childOrNew(field(name));
            at.member = true;
        }
        return result;
    }

    /// Whether this is a subset of the other set.
    public boolean within(FieldSet other) {
        if (member && !other.member) return false;
        for (var entry : children.entrySet()) {
            var twin = other.children.get(entry.getKey());
            if (twin == null ? !entry.getValue().isEmpty() : !entry.getValue().within(twin)) return false;
        }
        return true;
    }

    /// The readable form of every member path, such as `.spec.containers[name="a"].image`: at each level members come
    /// before what contains members.
    public List<String> paths() {
        var result = new ArrayList<String>();
        walk("", result);
        return result;
    }

    private void walk(String path, List<String> into) {
        children.forEach((key, child) -> {
            if (child.member) into.add(path + readable(key));
        });
        children.forEach((key, child) -> child.walk(path + readable(key), into));
    }

    static String readable(String element) {
        var rest = element.substring(2);
        if (element.startsWith("f:")) return "." + rest;
        if (element.startsWith("v:")) return "[=" + rest + "]";
        if (element.startsWith("i:")) return "[" + rest + "]";
        var keys = new StringBuilder();
        View.of(Json.parse(rest))
                .map()
                .forEach((key, value) -> keys.append(keys.isEmpty() ? "" : ",")
                        .append(key)
                        .append('=')
                        .append(Json.writeString(value)));
        return "[" + keys + "]";
    }

    static String field(String name) {
        return "f:" + name;
    }

    static String value(@Nullable Object value) {
        var text = new StringBuilder("v:");
        json(text, value);
        return text.toString();
    }

    /// The keys of a list element; an absent key has its default value.
    static String keys(Map<?, ?> element, Schema list) {
        var names = list.listKeys();
        if (names.size() > 1) names = names.stream().sorted().toList();
        var text = new StringBuilder("k:{");
        for (var key : names) {
            boolean there = element.containsKey(key);
            var field = list.items().property(key);
            if (!there && !field.hasDefault() && field.absentKey().isEmpty()) continue;
            var value = there ? element.get(key) : field.absentKey().orElse(field.defaultValue());
            if (text.length() > 3) text.append(',');
            json(text, key);
            json(text.append(':'), value);
        }
        return text.append('}').toString();
    }

    /// Whether an element says, or its schema does, what one of the keys is.
    static boolean hasKey(Map<?, ?> element, Schema list) {
        return list.listKeys().stream().anyMatch(key -> {
            var field = list.items().property(key);
            return element.containsKey(key)
                    || field.absentKey().isPresent()
                    || field.hasDefault() && field.defaultValue() != null;
        });
    }

    /// A fast path: nearly all keys are short words or numbers, and there are very many of them.
    private static void json(StringBuilder text, @Nullable Object value) {
        if (value instanceof String word && plain(word))
            text.append('"').append(word).append('"');
        else if (value instanceof Long || value instanceof Integer) text.append(value);
        else text.append(escaped(Json.writeString(value)));
    }

    /// As Go writes JSON, so that elements are known by the same text.
    private static String escaped(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }

    private static boolean plain(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean known = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '-' && c <= '9' || c == '_';
            if (!known) return false;
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && member == set.member && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return children.hashCode();
    }

    @Override
    public String toString() {
        return Json.writeString(toFieldsV1());
    }
}
