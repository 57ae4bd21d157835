package io.navarch.kinds.customresource;

import io.navarch.expressions.CelEnvironment;
import io.navarch.objects.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The types that a schema gives to `self` and `oldSelf`. Structures get names of their own.
final class SelfTypes {
    /// Words of CEL, which stand escaped in expressions.
    private static final Set<String> WORDS = Set.of(
            "true",
            "false",
            "null",
            "in",
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while");

    private final Map<String, Map<String, String>> structures = new LinkedHashMap<>();

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
        boolean open = schema.get("x-kubernetes-preserve-unknown-fields").bool();
        var properties = schema.get("properties").map();
        if (open || properties.isEmpty() && !resource) return "dyn";
        var fields = new LinkedHashMap<String, String>();
        properties.forEach((name, property) -> {
            var type = type(View.of(property));
            fields.put(escaped(name), type);
            // Behind a dot a word of CEL is a name like any other.
            if (WORDS.contains(name)) fields.put(name, type);
        });
        if (resource && !describesMetadata(schema)) {
            fields.put("apiVersion", "string");
            fields.put("kind", "string");
            fields.put("metadata", structure(Map.of("name", "string", "generateName", "string")));
        }
        return structure(fields);
    }

    /// Whole objects have a type and a name, whatever their schema says, unless it says just that.
    private static boolean describesMetadata(View schema) {
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
        for (var known : structures.entrySet()) if (known.getValue().equals(fields)) return known.getKey();
        var name = "Self.T" + structures.size();
        structures.put(name, Map.copyOf(fields));
        return name;
    }

    /// A property's name as an identifier.
    private static String escaped(String name) {
        if (WORDS.contains(name)) return "__" + name + "__";
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
