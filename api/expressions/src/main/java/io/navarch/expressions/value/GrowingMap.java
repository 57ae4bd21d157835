package io.navarch.expressions.value;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The map that a comprehension makes, which nobody but itself sees until it is ready.
public final class GrowingMap extends AbstractMap<Object, Object> {
    private final Map<Object, Object> entries = new LinkedHashMap<>();

    @Override
    public Set<Entry<Object, Object>> entrySet() {
        return entries.entrySet();
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return entries.containsKey(key);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return entries.get(key);
    }

    /// @return this map, or why there is none: a key comes only once
    public Object insert(Object key, Object value) {
        if (!Values.key(key)) return new Failure("unsupported key type");
        return Values.find(entries, key) == null
                ? inserted(key, value)
                : new Failure("insert failed: key " + key + " already exists");
    }

    private Object inserted(Object key, Object value) {
        entries.put(key, value);
        return this;
    }

    public Map<Object, Object> ready() {
        return entries;
    }
}
