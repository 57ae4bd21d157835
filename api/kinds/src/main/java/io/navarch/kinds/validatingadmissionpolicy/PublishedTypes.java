package io.navarch.kinds.validatingadmissionpolicy;

import io.navarch.expressions.Identifiers;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The type that a published schema (OpenAPI 3) gives to objects in expressions. Structures are called by where they
/// are: `Pod0.spec.containers.@idx`.
final class PublishedTypes {
    /// So many values a schema describes at most, each as often as it is referred to. Pods describe about 3 000.
    private static final int MOST_VALUES = 200_000;

    private static final String REFERENCE = "#/components/schemas/";
    private static final String STRING = "string";

    /// A schema describes too much.
    private static final class TooLargeException extends RuntimeException {
        TooLargeException() {
            super("the schema describes too many values", null, false, false);
        }
    }

    /// @param structures the fields' types of each
    record Type(String name, Map<String, Map<String, String>> structures) {}

    private final View schemas;
    private final Map<String, Map<String, String>> structures = new LinkedHashMap<>();
    private final Set<String> within = new HashSet<>();
    private int values;

    private PublishedTypes(View schemas) {
        this.schemas = schemas;
    }

    /// The type of a kind's objects, if the document describes them.
    ///
    /// @param document of a group's version
    static Optional<Type> of(View document, View schema, String name) {
        var types = new PublishedTypes(document.get("components", "schemas"));
        try {
            return types.type(schema, name, true).map(type -> new Type(type, types.structures));
        } catch (TooLargeException e) {
            return Optional.empty();
        }
    }

    /// What a schema refers to, if it does. A reference may be wrapped, to be described.
    private static String reference(View schema) {
        var direct = schema.get("$ref").string();
        if (!direct.isEmpty()) return direct.startsWith(REFERENCE) ? direct.substring(REFERENCE.length()) : direct;
        for (var part : schema.get("allOf").views()) {
            var wrapped = part.get("$ref").string();
            if (!wrapped.isEmpty()) return reference(part);
        }
        return "";
    }

    /// Empty when expressions cannot see such a value.
    private Optional<String> type(View schema, String name, boolean resource) {
        if (++values > MOST_VALUES) throw new TooLargeException();
        var reference = reference(schema);
        if (reference.isEmpty()) return described(schema, name, resource);
        // What holds itself is an object of which nothing is known.
        if (!within.add(reference)) return structure(name, Map.of());
        var type = described(schemas.get(reference), name, resource);
        within.remove(reference);
        return type;
    }

    private Optional<String> described(View schema, String name, boolean root) {
        if (schema.get("x-kubernetes-int-or-string").bool()
                || schema.get("format").string().equals("int-or-string")) return Optional.of("dyn");
        return switch (schema.get("type").string()) {
            case "object" -> object(schema, name, root);
            case "array" -> {
                var items = schema.get("items");
                yield items.isMap()
                        ? type(items, name + ".@idx", embedded(items)).map(item -> "list<" + item + ">")
                        : Optional.empty();
            }
            case "boolean" -> Optional.of("bool");
            case "integer" -> Optional.of("int");
            case "number" -> Optional.of("double");
            case STRING ->
                Optional.of(
                        switch (schema.get("format").string()) {
                            case "byte" -> "bytes";
                            case "duration" -> "duration";
                            case "date", "date-time" -> "timestamp";
                            default -> STRING;
                        });
            default -> Optional.empty();
        };
    }

    private static boolean embedded(View schema) {
        return schema.get("x-kubernetes-embedded-resource").bool();
    }

    private Optional<String> object(View schema, String name, boolean root) {
        var additional = schema.get("additionalProperties");
        if (additional.isMap())
            return type(additional, name + ".@elem", embedded(additional)).map(value -> "map<string," + value + ">");
        var fields = new LinkedHashMap<String, String>();
        schema.get("properties").map().forEach((property, described) -> {
            var view = View.of(described);
            var type = type(view, name + "." + property, embedded(view));
            if (type.isEmpty()) return;
            Identifiers.escaped(property).ifPresent(escaped -> fields.put(escaped, type.get()));
            if (Identifiers.isWord(property)) fields.put(property, type.get());
        });
        if (root) whole(fields, name);
        return structure(name, fields);
    }

    /// Whole objects have a type and a name, whatever their schema says.
    private void whole(Map<String, String> fields, String name) {
        var metadata = structures.getOrDefault(fields.getOrDefault("metadata", ""), Map.of());
        if (STRING.equals(fields.get("kind"))
                && STRING.equals(fields.get("apiVersion"))
                && STRING.equals(metadata.get("name"))
                && STRING.equals(metadata.get("generateName"))) return;
        fields.put("apiVersion", STRING);
        fields.put("kind", STRING);
        structure(name + ".metadata", Map.of("name", STRING, "generateName", STRING))
                .ifPresent(type -> fields.put("metadata", type));
    }

    private Optional<String> structure(String name, Map<String, String> fields) {
        structures.put(name, fields);
        return Optional.of(name);
    }
}
