package io.navarch.kinds.types;

import io.navarch.objects.Json;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the client's models do not say of a type's fields: how lists are merged, defaults, and simple rules. The facts
/// are lines `Type.field words…` in the `overlay.txt` of the kind they belong to; the build joins these files into one.
final class Overlay {
    private final Map<String, String> facts;

    /// @param facts the words by `Type.field`, or by `Type`
    Overlay(Map<String, String> facts) {
        this.facts = facts;
    }

    void complete(String type, String field, SchemaBuilder schema) {
        apply(facts.getOrDefault(type + "." + field, ""), schema);
    }

    void completeType(String type, SchemaBuilder schema) {
        apply(facts.getOrDefault(type, ""), schema);
    }

    /// The value of `word=value` about a field, `""` when nothing is said.
    String value(String type, String field, String word) {
        for (var each : facts.getOrDefault(type + "." + field, "").split("\\s+"))
            if (each.startsWith(word + "=")) return each.substring(word.length() + 1);
        return "";
    }

    private static void apply(String words, SchemaBuilder schema) {
        if (words.isBlank()) return;
        for (var word : words.strip().split("\\s+")) {
            int equals = word.indexOf('=');
            if (equals < 0) word(word, "", schema);
            else if (word.startsWith("enum=") && words.contains("ordered"))
                schema.rule(FieldRules.ordered(word.substring(equals + 1)));
            else word(word.substring(0, equals), word.substring(equals + 1), schema);
        }
    }

    private static void word(String word, String value, SchemaBuilder schema) {
        switch (word) {
            case "map" -> schema.mapList(List.of(value.split(",")));
            case "set" -> schema.setList();
            case "atomic" -> schema.mapType(Schema.MapType.ATOMIC);
            case "granular" -> schema.mapType(Schema.MapType.GRANULAR);
            case "absent" -> schema.absentKey(Json.parse(value));
            case "merge" -> schema.mergeKey(value);
            case "strategy" -> schema.patchStrategy(value);
            case "struct" -> schema.structure();
            case "omitted" -> schema.omitted();
            case "default" -> schema.defaultValue(parsed(value));
            case "required" -> schema.mandatory(value.replace('_', ' '));
            case "immutable" -> schema.immutable();
            case "micro" -> schema.microTime();
            case "milli" -> schema.milli();
            case "go" -> schema.goType(value);
            case "in" -> schema.goEmbedded(value);
            case "zero" -> schema.zero(value.equals("keep") ? Schema.Zero.KEPT : Schema.Zero.DROPPED);
            // What the model is generated from; nothing that the server checks.
            case "resource", "values", "constants", "named", "ordered" -> {}
            // What only documents tell.
            case "enumerated", "shown", "published" -> {}
            default -> schema.rule(FieldRules.of(word, value));
        }
    }

    /// Numbers, truth values, objects and lists as JSON has them; everything else is a string.
    private static @Nullable Object parsed(String value) {
        boolean json = value.matches("-?[0-9]+|true|false|null|[{\\[\"].*");
        return json ? Json.parse(value) : value;
    }
}
