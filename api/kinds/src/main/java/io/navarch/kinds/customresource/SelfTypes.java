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
            "return");

    private final Map<String, Map<String, String>> structures = new LinkedHashMap<>();

    /// What the rules of a schema see.
    CelEnvironment environment(View schema) {
        var self = type(schema);
        return new CelEnvironment(
                Map.of("self", self, "oldSelf", self), Map.copyOf(structures), List.of("bool"), false);
    }

    private String type(View schema) {
        if (schema.get("x-kubernetes-int-or-string").bool()) return "dyn";
        return switch (schema.get("type").string()) {
            case "object" -> object(schema);
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

    private String object(View schema) {
        var additional = schema.get("additionalProperties");
        if (additional.isMap()) return "map<string," + type(additional) + ">";
        boolean open = schema.get("x-kubernetes-preserve-unknown-fields").bool();
        boolean resource = schema.get("x-kubernetes-embedded-resource").bool();
        var properties = schema.get("properties").map();
        if (open || properties.isEmpty() && !resource) return "dyn";
        var fields = new LinkedHashMap<String, String>();
        properties.forEach((name, property) -> fields.put(escaped(name), type(View.of(property))));
        // Every object knows its name and kind, whatever its schema says.
        for (var always : List.of("apiVersion", "kind")) fields.putIfAbsent(always, "string");
        fields.put("metadata", "Self.Metadata");
        structures.putIfAbsent("Self.Metadata", Map.of("name", "string", "generateName", "string"));
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
