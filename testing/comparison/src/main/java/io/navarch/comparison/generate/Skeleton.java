package io.navarch.comparison.generate;

import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The least that a type asks for, with values that are likely to be accepted.
final class Skeleton {
    /// Deeper than this no type needs anything of its own.
    private static final int DEEPEST = 6;

    private static final Map<String, Object> USUAL = Map.ofEntries(
            Map.entry("name", "x"),
            Map.entry("image", "i"),
            Map.entry("mountPath", "/x"),
            Map.entry("path", "/x"),
            Map.entry("apiVersion", "v1"),
            Map.entry("kind", "ConfigMap"),
            Map.entry("apiGroup", "rbac.authorization.k8s.io"),
            Map.entry("operator", "Exists"),
            Map.entry("topologyKey", "kubernetes.io/hostname"),
            Map.entry("fieldPath", "metadata.name"),
            Map.entry("key", "x"),
            Map.entry("type", "x"),
            Map.entry("driver", "x.example.com"),
            Map.entry("uid", "9f5f9b0e-0f0b-4f7c-9d3c-0d6a5b9c1c11"),
            Map.entry("port", 80L),
            Map.entry("containerPort", 80L),
            Map.entry("protocol", "TCP"),
            Map.entry("status", "True"));

    private Skeleton() {}

    static @Nullable Object of(Schema schema, String field) {
        return of(schema, field, 0);
    }

    private static @Nullable Object of(Schema schema, String field, int depth) {
        return switch (schema.type()) {
            case OBJECT -> object(schema, depth);
            case ARRAY -> {
                var list = new ArrayList<@Nullable Object>();
                if (depth < DEEPEST && schema.items().type() == Schema.Type.OBJECT)
                    list.add(of(schema.items(), field, depth + 1));
                yield list;
            }
            case STRING -> string(schema, field);
            case INTEGER, NUMBER -> USUAL.get(field) instanceof Long usual ? usual : 1L;
            case BOOLEAN -> true;
            case ANY -> new LinkedHashMap<String, Object>();
        };
    }

    private static String string(Schema schema, String field) {
        var values = Values.named(schema);
        if (!values.isEmpty()) return values.getFirst();
        if (schema.format().equals("date-time")) return "2020-01-01T00:00:00Z";
        if (schema.format().equals("quantity")) return "1";
        return USUAL.get(field) instanceof String usual ? usual : "x";
    }

    private static Object object(Schema schema, int depth) {
        var result = new LinkedHashMap<String, @Nullable Object>();
        if (depth >= DEEPEST) return result;
        for (var entry : schema.properties().entrySet()) {
            boolean needed = schema.required().contains(entry.getKey())
                    || entry.getValue().mandatory().isPresent()
                    || List.of("name", "image").contains(entry.getKey())
                            && schema.properties().containsKey("image");
            if (needed) result.put(entry.getKey(), of(entry.getValue(), entry.getKey(), depth + 1));
        }
        return result;
    }
}
