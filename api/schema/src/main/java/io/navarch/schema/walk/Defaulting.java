package io.navarch.schema.walk;

import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Completes objects by their schema: default values, and `null`s that mean "not set".
public final class Defaulting {
    private Defaulting() {}

    /// Fills in the schema's defaults, also inside existing lists and maps.
    public static void apply(@Nullable Object tree, Schema schema) {
        apply(tree, schema, true);
    }

    /// The same for an object that is not stored yet: an empty list that is written as `null` where there is nothing is
    /// still told from that, since whoever sent it owns it.
    public static void applyAsSent(@Nullable Object tree, Schema schema) {
        apply(tree, schema, false);
    }

    @SuppressWarnings("unchecked")
    private static void apply(@Nullable Object tree, Schema schema, boolean stored) {
        if (!schema.exists()) return;
        if (tree instanceof Map<?, ?> map) fields((Map<String, Object>) map, schema, stored);
        else if (tree instanceof List<?> list) list.forEach(element -> apply(element, schema.items(), stored));
    }

    private static void fields(Map<String, Object> map, Schema schema, boolean stored) {
        for (var property : schema.properties().entrySet()) {
            var field = property.getValue();
            var present = map.get(property.getKey());
            if (stored && field.alwaysWritten() && present instanceof List<?> list && list.isEmpty()) {
                map.put(property.getKey(), null);
                continue;
            }
            if (present == null && field.hasDefault() && !(field.nullable() && map.containsKey(property.getKey()))) {
                present = Trees.copyOf(field.defaultValue());
                map.put(property.getKey(), present);
            }
            if (present != null) apply(present, field, stored);
        }
        if (schema.additional().exists()) {
            map.forEach((key, value) -> {
                if (!schema.properties().containsKey(key)) apply(value, schema.additional(), stored);
            });
        }
        schema.completion().accept(map);
    }

    /// Removes `null`s, which mean "not set" wherever the schema does not allow them.
    public static void dropNulls(@Nullable Object tree, Schema schema) {
        if (tree instanceof Map<?, ?> map) {
            for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
                var entry = entries.next();
                var property = schema.property((String) entry.getKey());
                if (entry.getValue() != null) dropNulls(entry.getValue(), property);
                else if (!property.nullable()) entries.remove();
            }
        } else if (tree instanceof List<?> list) {
            list.forEach(element -> dropNulls(element, schema.items()));
        }
    }

    private static boolean scalar(Schema property) {
        return property.type() != Schema.Type.OBJECT && property.type() != Schema.Type.ARRAY;
    }

    /// An object of this type with nothing set: structs by value of the published Go types are present, and so are
    /// fields that those types never omit. Structs by reference are left out.
    public static Map<String, Object> zero(Schema schema) {
        var zero = new LinkedHashMap<String, Object>();
        schema.properties().forEach((name, property) -> {
            if (property.structure()) zero.put(name, zero(property));
            else if (property.alwaysWritten()) zero.put(name, null);
            else if (schema.required().contains(name) && scalar(property) && !property.zeroKept())
                zero.put(name, nothing(property));
            else if (property.hasDefault() && "".equals(property.defaultValue())) zero.put(name, "");
        });
        return zero;
    }

    /// What a field that is no pointer is where nobody gave it, and what `null` reads as in a list or a map.
    static @Nullable Object nothing(Schema schema) {
        if (schema.intOrString()) return 0L;
        return switch (schema.type()) {
            case STRING ->
                switch (schema.format()) {
                    case "", "byte" -> "";
                    case "quantity" -> "0";
                    default -> null;
                };
            case OBJECT -> schema.additional().exists() ? null : zero(schema);
            case INTEGER, NUMBER -> 0L;
            case BOOLEAN -> false;
            case ARRAY, ANY -> null;
        };
    }
}
