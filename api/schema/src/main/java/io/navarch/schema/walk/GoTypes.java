package io.navarch.schema.walk;

import io.navarch.schema.types.Schema;
import io.navarch.schema.types.TypeName;

/// The published Go types of values, as errors name them: `v1.Container`, `[]string`, `map[string]string`.
///
/// Most follow from the schema; the names of named scalars and maps are facts of the field ([Schema#go()]).
final class GoTypes {
    private GoTypes() {}

    /// @param known what the field of the value says of the type, or `""`
    static String of(Schema schema, String known) {
        if (!known.isEmpty()) return known;
        if (schema.intOrString()) return "intstr.IntOrString";
        return switch (schema.type()) {
            case OBJECT ->
                schema.typeName().isEmpty() ? "map[string]" + element(schema, "") : qualified(schema.typeName());
            case ARRAY -> "[]" + element(schema, "");
            case STRING ->
                switch (schema.format()) {
                    case "quantity" -> "resource.Quantity";
                    case "byte" -> "[]uint8";
                    default -> "string";
                };
            case INTEGER -> schema.format().isEmpty() ? "int64" : schema.format();
            case NUMBER -> "float64";
            case BOOLEAN -> "bool";
            case ANY -> "interface {}";
        };
    }

    /// The type of the values of a list or map.
    static String element(Schema schema, String known) {
        var element = schema.type() == Schema.Type.ARRAY ? schema.items() : schema.additional();
        return of(element, elementKnown(known));
    }

    /// What the type of a list or map says of its values, or `""`.
    static String elementKnown(String known) {
        if (known.startsWith("[]")) return known.substring(2);
        return known.startsWith("map[") ? known.substring(known.indexOf(']') + 1) : "";
    }

    /// The name of a struct without its package: `V1PodSpec` is `PodSpec`.
    static String structure(String typeName) {
        return TypeName.of(typeName).map(TypeName::name).orElse(typeName);
    }

    private static String qualified(String typeName) {
        return TypeName.of(typeName).map(TypeName::versioned).orElse(typeName);
    }
}
