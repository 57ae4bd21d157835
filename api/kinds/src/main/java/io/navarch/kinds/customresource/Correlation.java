package io.navarch.kinds.customresource;

import io.navarch.objects.View;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A part of an object and the same part of the object before.
final class Correlation {
    private final Object value;
    private final Object before;
    private final View schema;
    private @Nullable Boolean equal;
    private @Nullable Map<String, Object> oldEntries;

    Correlation(Object value, Object before, View schema) {
        this.value = value;
        this.before = before;
        this.schema = schema;
    }

    /// Whether nothing has changed.
    boolean equal() {
        var known = equal;
        if (known == null) {
            known = same();
            equal = known;
        }
        return known;
    }

    private boolean same() {
        if (value instanceof List<?> list && before instanceof List<?> old && keyed()) {
            if (list.size() != old.size()) return false;
            for (int i = 0; i < list.size(); i++) {
                var element = element(i);
                if (element == null || !element.equal()) return false;
            }
            return true;
        }
        if (value instanceof Map<?, ?> map && before instanceof Map<?, ?> old) {
            if (map.size() != old.size()) return false;
            for (var key : map.keySet()) {
                var field = field(String.valueOf(key));
                if (field == null || !field.equal()) return false;
            }
            return true;
        }
        return Objects.equals(value, before);
    }

    private boolean keyed() {
        return schema.get("x-kubernetes-list-type").string().equals("map");
    }

    /// @return null when there is none in both, or the schema does not say what it is
    @Nullable
    Correlation field(String name) {
        if (!(value instanceof Map<?, ?> map) || !(before instanceof Map<?, ?> old)) return null;
        var now = map.get(name);
        var then = old.get(name);
        if (now == null || then == null) return null;
        var property = schema.get("properties", name);
        if (!property.isMap()) property = schema.get("additionalProperties");
        return property.isMap() ? new Correlation(now, then, property) : null;
    }

    /// @return null when it was not in the list before, as far as that can be told
    @Nullable
    Correlation element(int index) {
        if (!(value instanceof List<?> list)) return null;
        var element = list.get(index);
        var then = element == null ? null : old(element);
        return element == null || then == null ? null : new Correlation(element, then, schema.get("items"));
    }

    /// The element that was there before in the place of this one.
    @Nullable
    Object old(Object element) {
        if (!(before instanceof List<?> old) || !keyed()) return null;
        var known = oldEntries;
        if (known == null) {
            known = new HashMap<>();
            for (var each : old) if (each != null) known.put(key(each), each);
            oldEntries = known;
        }
        return known.get(key(element));
    }

    /// The values of the keys, each with its length, as one text: whoever chooses them cannot choose them such that a
    /// map finds one only by looking at all others.
    private String key(Object element) {
        var key = new StringBuilder();
        for (var name : schema.get("x-kubernetes-list-map-keys").strings()) {
            var value = element instanceof Map<?, ?> map ? String.valueOf(map.get(name)) : "";
            key.append(value.length()).append(':').append(value);
        }
        return key.toString();
    }
}
