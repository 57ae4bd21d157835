package io.navarch.kinds.customresource;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Identifiers;
import io.navarch.objects.View;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The types that a schema gives to `self` and `oldSelf`. Structures get names of their own.
final class SelfTypes {
    private final Map<String, Map<String, String>> structures = new LinkedHashMap<>();
    /// Structures with the same fields are the same, found by the text of these: it cannot be made such that all are
    /// looked through.
    private final Map<String, String> names = new HashMap<>();

    /// What the rules of a schema see.
    ///
    /// @param root whether this is the schema of the whole object
    CelEnvironment environment(View schema, boolean root) {
        var self = type(schema, root);
        return new CelEnvironment(
                Map.of("self", self, "oldSelf", self), Map.copyOf(structures), List.of("bool"), false);
    }

    private String type(View schema) {
        return type(schema, schema.get("x-kubernetes-embedded-resource").bool());
    }

    private String type(View schema, boolean resource) {
        if (schema.get("x-kubernetes-int-or-string").bool()) return "dyn";
        return switch (schema.get("type").string()) {
            case "object" -> object(schema, resource);
            case "array" -> "list<" + type(schema.get("items")) + ">";
            case "boolean" -> "bool";
            case "integer" -> "int";
            case "number" -> "double";
            case "string" ->
                switch (schema.get("format").string()) {
                    case "byte" -> "bytes";
                    case "duration" -> "duration";
                    case "date", "date-time" -> "timestamp";
                    default -> "string";
                };
            default -> "dyn";
        };
    }

    private String object(View schema, boolean resource) {
        var additional = schema.get("additionalProperties");
        if (additional.isMap()) return "map<string," + type(additional) + ">";
        var fields = new LinkedHashMap<String, String>();
        schema.get("properties").map().forEach((name, property) -> {
            // What has no type, or a name that cannot be written, is not seen.
            if (!seen(View.of(property))) return;
            var escaped = Identifiers.escaped(name);
            if (escaped.isEmpty()) return;
            var type = type(View.of(property));
            fields.put(escaped.get(), type);
            if (Identifiers.isWord(name)) fields.put(name, type);
        });
        if (resource && !describesMetadata(schema)) {
            fields.put("apiVersion", "string");
            fields.put("kind", "string");
            fields.put("metadata", structure(Map.of("name", "string", "generateName", "string")));
        }
        return structure(fields);
    }

    /// Whether values of a schema have a type.
    static boolean seen(View schema) {
        if (schema.get("x-kubernetes-int-or-string").bool()) return true;
        return switch (schema.get("type").string()) {
            case "array" -> schema.get("items").isMap() && seen(schema.get("items"));
            case "object" -> {
                var additional = schema.get("additionalProperties");
                yield !additional.isMap() || seen(additional);
            }
            case "boolean", "integer", "number", "string" -> true;
            default -> false;
        };
    }

    /// The same, where the old value may be missing.
    static CelEnvironment optionalOld(CelEnvironment environment) {
        return environment.with("oldSelf", "optional<" + environment.variables().get("self") + ">");
    }

    /// The properties of whole objects: all have a type and a name.
    static Map<String, Object> withMetadata(View schema) {
        if (describesMetadata(schema)) return schema.get("properties").map();
        var text = Map.of("type", "string");
        var properties = new LinkedHashMap<>(schema.get("properties").map());
        properties.put("apiVersion", text);
        properties.put("kind", text);
        properties.put("metadata", Map.of("type", "object", "properties", Map.of("name", text, "generateName", text)));
        return properties;
    }

    /// Whether a schema says itself that objects have a type and a name.
    static boolean describesMetadata(View schema) {
        var properties = schema.get("properties");
        var metadata = properties.get("metadata");
        return isString(properties.get("apiVersion"))
                && isString(properties.get("kind"))
                && metadata.get("type").string().equals("object")
                && isString(metadata.get("properties", "name"))
                && isString(metadata.get("properties", "generateName"));
    }

    private static boolean isString(View schema) {
        return schema.get("type").string().equals("string");
    }

    private String structure(Map<String, String> fields) {
        return names.computeIfAbsent(new TreeMap<>(fields).toString(), text -> {
            var name = "Self.T" + structures.size();
            structures.put(name, Map.copyOf(fields));
            return name;
        });
    }
}
