package io.navarch.kinds.customresource;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A map with any keys, whose values are of one schema.
final class SelfMap extends AbstractMap<Object, Object> {
    private final Map<?, ?> raw;
    private final SelfShape element;

    SelfMap(Map<?, ?> raw, SelfShape element) {
        this.raw = raw;
        this.element = element;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return raw.containsKey(key);
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return raw.containsKey(key) ? element.value(raw.get(key)) : null;
    }

    @Override
    public int size() {
        return raw.size();
    }

    @Override
    public Set<Entry<Object, Object>> entrySet() {
        var entries = new LinkedHashMap<Object, Object>();
        raw.forEach((key, value) -> entries.put(key, element.value(value)));
        return entries.entrySet();
    }
}
