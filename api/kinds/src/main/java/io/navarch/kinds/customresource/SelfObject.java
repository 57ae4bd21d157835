package io.navarch.kinds.customresource;

import io.navarch.expressions.Identifiers;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An object whose fields its schema knows; others are not seen.
final class SelfObject extends AbstractMap<Object, Object> {
    /// @param name as it is stored
    record Field(String name, SelfShape shape) {}

    private final Map<?, ?> raw;
    private final Map<String, Field> fields;

    SelfObject(Map<?, ?> raw, Map<String, Field> fields) {
        this.raw = raw;
        this.fields = fields;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        var field = key instanceof String name ? fields.get(name) : null;
        return field != null && raw.containsKey(field.name);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        var field = key instanceof String name ? fields.get(name) : null;
        return field == null || !raw.containsKey(field.name) ? null : field.shape.value(raw.get(field.name));
    }

    @Override
    public int size() {
        return raw.size();
    }

    @Override
    public Set<Entry<Object, Object>> entrySet() {
        var entries = new LinkedHashMap<Object, Object>();
        fields.forEach((name, field) -> {
            if (raw.containsKey(field.name) && !Identifiers.isWord(name))
                entries.put(name, field.shape.value(raw.get(field.name)));
        });
        return entries.entrySet();
    }
}
