package io.navarch.schema.walk;

import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;

/// Completes objects by their schema: default values, and `null`s that mean "not set".
public final class Defaulting {
    private Defaulting() {}

    /// Fills in the schema's defaults, also inside lists and maps that are there.
    @SuppressWarnings("unchecked")
    public static void apply(Object tree, Schema schema) {
        if (schema == null) return;
        if (tree instanceof Map<?, ?> raw) {
            var map = (Map<String, Object>) raw;
            for (var property : schema.properties().entrySet()) {
                var field = property.getValue();
                var present = map.get(property.getKey());
                boolean absent = !map.containsKey(property.getKey()) || present == null && !field.nullable();
                if (absent && field.hasDefault()) map.put(property.getKey(), Trees.copy(field.defaultValue()));
                apply(map.get(property.getKey()), field);
            }
            if (schema.additional() != null) {
                map.forEach((key, value) -> {
                    if (!schema.properties().containsKey(key)) apply(value, schema.additional());
                });
            }
            var completion = schema.completion();
            if (completion != null) completion.accept(map);
        } else if (tree instanceof List<?> list) {
            for (var element : list) apply(element, schema.items());
        }
    }

    /// Removes `null`s, which mean "not set" everywhere but where the schema says nullable.
    public static void dropNulls(Object tree, Schema schema) {
        if (tree instanceof Map<?, ?> map) {
            for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
                var entry = entries.next();
                var property = schema == null ? null : schema.property((String) entry.getKey());
                if (entry.getValue() == null) {
                    if (property == null || !property.nullable()) entries.remove();
                } else {
                    dropNulls(entry.getValue(), property);
                }
            }
        } else if (tree instanceof List<?> list) {
            for (var element : list) dropNulls(element, schema == null ? null : schema.items());
        }
    }
}
