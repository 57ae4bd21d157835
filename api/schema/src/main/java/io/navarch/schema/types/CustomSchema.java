package io.navarch.schema.types;

import io.navarch.objects.View;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;

/// Reads the `openAPIV3Schema` of a CustomResourceDefinition.
///
/// Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
public final class CustomSchema {
    private CustomSchema() {}

    public static Schema read(View source) {
        var schema = new Schema();
        schema.type = switch (source.get("type").string()) {
            case "object" -> Schema.Type.OBJECT;
            case "array" -> Schema.Type.ARRAY;
            case "string" -> Schema.Type.STRING;
            case "integer" -> Schema.Type.INTEGER;
            case "number" -> Schema.Type.NUMBER;
            case "boolean" -> Schema.Type.BOOLEAN;
            default -> Schema.Type.ANY;
        };
        schema.format = source.get("format").string();
        schema.description = source.get("description").string();
        schema.nullable = source.get("nullable").bool();
        schema.preserveUnknown =
                source.get("x-kubernetes-preserve-unknown-fields").bool();
        schema.intOrString = source.get("x-kubernetes-int-or-string").bool();
        schema.embeddedResource = source.get("x-kubernetes-embedded-resource").bool();
        schema.atomicMap = source.get("x-kubernetes-map-type").string().equals("atomic");
        if (source.get("default").exists()) {
            schema.hasDefault = true;
            schema.defaultValue = source.get("default").value();
        }
        switch (source.get("x-kubernetes-list-type").string()) {
            case "map" ->
                schema.asMapList(source.get("x-kubernetes-list-map-keys").strings());
            case "set" -> schema.asSet();
            default -> {}
        }
        if (source.get("properties").isMap()) {
            schema.properties = new LinkedHashMap<>();
            source.get("properties").map().forEach((name, value) -> schema.properties.put(name, read(View.of(value))));
            if (schema.type == Schema.Type.ANY) schema.type = Schema.Type.OBJECT;
        }
        if (source.get("items").isMap()) schema.items = read(source.get("items"));
        var additional = source.get("additionalProperties");
        if (additional.isMap()) schema.additional = read(additional);
        else if (additional.bool()) schema.additional = Schema.of(Schema.Type.ANY);
        schema.required = new LinkedHashSet<>(source.get("required").strings());
        schema.constraints = constraints(source);
        return schema;
    }

    private static Schema.Constraints constraints(View source) {
        return new Schema.Constraints(
                source.get("enum").exists() ? source.get("enum").list() : null,
                number(source.get("minimum")),
                number(source.get("maximum")),
                source.get("exclusiveMinimum").bool(),
                source.get("exclusiveMaximum").bool(),
                number(source.get("multipleOf")),
                whole(source.get("minLength")),
                whole(source.get("maxLength")),
                source.get("pattern").exists() ? source.get("pattern").string() : null,
                whole(source.get("minItems")),
                whole(source.get("maxItems")),
                source.get("uniqueItems").bool(),
                whole(source.get("minProperties")),
                whole(source.get("maxProperties")),
                parts(source.get("allOf")),
                parts(source.get("anyOf")),
                parts(source.get("oneOf")),
                source.get("not").isMap() ? read(source.get("not")) : null);
    }

    private static List<Schema> parts(View list) {
        return list.stream().map(CustomSchema::read).toList();
    }

    private static Number number(View value) {
        return value.value() instanceof Number number ? number : null;
    }

    private static Long whole(View value) {
        return value.value() instanceof Number number ? Long.valueOf(number.longValue()) : null;
    }
}
