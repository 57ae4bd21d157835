package io.navarch.apiserver.discovery;

import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Writes schemas by name, each once.
final class SchemaWriter {
    private final TypeNames names;
    private final String prefix;
    private final Map<String, Object> schemas = new TreeMap<>();

    /// @param prefix where references point to, which also tells the two versions of OpenAPI apart
    SchemaWriter(TypeNames names, String prefix) {
        this.names = names;
        this.prefix = prefix;
    }

    Map<String, Object> schemas() {
        return schemas;
    }

    private boolean three() {
        return prefix.startsWith("#/components");
    }

    Map<String, Object> parameter(String name) {
        return three()
                ? Trees.map("name", name, "in", "query", "schema", Trees.map("type", "string"))
                : Trees.map("name", name, "in", "query", "type", "string");
    }

    Map<String, Object> response(String name) {
        var reference = Trees.map("$ref", prefix + name);
        return three()
                ? Trees.map(
                        "description", "OK", "content", Trees.map("application/json", Trees.map("schema", reference)))
                : Trees.map("description", "OK", "schema", reference);
    }

    String root(ServedVersion served, Map<String, Object> identity) {
        var name = nameOf(served);
        if (!served.version().declared().isEmpty()) {
            var metadata = SchemaBuilder.reference(
                            "V1ObjectMeta", () -> served.version().schema().property("metadata"))
                    .build();
            var declared = new DeclaredSchema(three(), reference(metadata))
                    .publish(served.version().declared());
            declared.put("x-kubernetes-group-version-kind", List.of(identity));
            schemas.put(name, declared);
            return name;
        }
        var schema = write(served.version().schema(), typeOf(served));
        schema.put("x-kubernetes-group-version-kind", List.of(identity));
        var properties = new LinkedHashMap<String, Object>();
        properties.put(
                "apiVersion",
                Trees.map(
                        "type",
                        "string",
                        "description",
                        "APIVersion defines the versioned schema of this representation of an object."));
        properties.put(
                "kind",
                Trees.map("type", "string", "description", "Kind is the REST resource this object represents."));
        if (schema.get("properties") instanceof Map<?, ?> own)
            own.forEach((key, value) -> properties.putIfAbsent((String) key, value));
        schema.put("properties", properties);
        schemas.put(name, schema);
        return name;
    }

    private String nameOf(ServedVersion served) {
        var kind = served.kind();
        var suffix = "." + served.version().name() + "." + kind.kind();
        if (kind.custom()) return reversed(kind.group()) + suffix;
        var type = typeOf(served);
        return type.isEmpty() ? "io.k8s.api." + kind.group().split("\\.")[0] + suffix : names.published(type);
    }

    private String typeOf(ServedVersion served) {
        var kind = served.kind();
        return kind.custom() ? "" : names.of(served.apiVersion(), kind.kind());
    }

    private Map<String, Object> write(Schema schema, String type) {
        var result = new LinkedHashMap<String, Object>();
        if (!schema.exists()) return result;
        if (!schema.typeName().isEmpty()) return reference(schema);
        switch (schema.type()) {
            case OBJECT -> {
                result.put("type", "object");
                if (!schema.properties().isEmpty()) result.put("properties", properties(schema, type));
                if (schema.additional().exists()) result.put("additionalProperties", write(schema.additional(), ""));
                if (!schema.required().isEmpty()) result.put("required", List.copyOf(schema.required()));
            }
            case ARRAY -> {
                result.put("type", "array");
                result.put("items", write(schema.items(), ""));
            }
            case STRING -> {
                result.put("type", "string");
                if (!schema.format().isEmpty() && !schema.format().equals("quantity"))
                    result.put("format", schema.format());
            }
            case INTEGER, NUMBER, BOOLEAN -> {
                result.put("type", schema.type().name().toLowerCase(Locale.ROOT));
                if (!schema.format().isEmpty()) result.put("format", schema.format());
            }
            case ANY -> {}
        }
        var text = schema.description();
        if (text.isEmpty() && !type.isEmpty()) text = names.description(type, "");
        if (!text.isEmpty()) result.put("description", text);
        extensions(schema, result);
        return result;
    }

    private Map<String, Object> properties(Schema schema, String type) {
        var result = new LinkedHashMap<String, Object>();
        schema.properties().forEach((name, property) -> {
            var written = write(property, "");
            var text = type.isEmpty() ? "" : names.description(type, name);
            if (!text.isEmpty()) written.put("description", text);
            result.put(name, written);
        });
        return result;
    }

    private Map<String, Object> reference(Schema schema) {
        var name = names.published(schema.typeName());
        if (!schemas.containsKey(name)) {
            schemas.put(name, Trees.map());
            schemas.put(name, write(schema.resolved(), schema.typeName()));
        }
        var result = new LinkedHashMap<String, Object>();
        // A reference with texts or extensions beside it must be wrapped in OpenAPI 3.
        var target = Trees.map("$ref", prefix + name);
        if (three()) result.put("allOf", List.of(target));
        else result.putAll(target);
        extensions(schema, result);
        return result;
    }

    private void extensions(Schema schema, Map<String, Object> into) {
        switch (schema.listType()) {
            case MAP -> {
                into.put("x-kubernetes-list-type", "map");
                into.put("x-kubernetes-list-map-keys", schema.listKeys());
            }
            case SET -> into.put("x-kubernetes-list-type", "set");
            default -> {
                if (schema.typeName().isEmpty() && schema.type() == Schema.Type.ARRAY)
                    into.put("x-kubernetes-list-type", "atomic");
            }
        }
        if (!schema.mergeKey().isEmpty()) into.put("x-kubernetes-patch-merge-key", schema.mergeKey());
        if (!schema.patchStrategies().isEmpty())
            into.put("x-kubernetes-patch-strategy", String.join(",", schema.patchStrategies()));
        if (schema.typeName().isEmpty() && schema.atomicMap()) into.put("x-kubernetes-map-type", "atomic");
        if (schema.typeName().isEmpty() && schema.type() == Schema.Type.OBJECT && schema.preserveUnknown())
            into.put("x-kubernetes-preserve-unknown-fields", true);
    }

    private static String reversed(String group) {
        var parts = new ArrayList<>(List.of(group.split("\\.")));
        Collections.reverse(parts);
        return String.join(".", parts);
    }
}
