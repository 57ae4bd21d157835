package io.navarch.schema.types;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.navarch.objects.View;
import io.navarch.schema.types.Constraints.Range;
import io.navarch.schema.types.Constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the `openAPIV3Schema` of a CustomResourceDefinition.
///
/// Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
public final class CustomSchema {
    private static final Set<String> CONSTRAINING = Set.of(
            "enum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "minimum",
            "exclusiveMinimum",
            "maximum",
            "exclusiveMaximum",
            "multipleOf",
            "pattern",
            "uniqueItems");
    private static final Set<String> COMBINING = Set.of("allOf", "anyOf", "oneOf", "not");

    /// The type of metadata to add to embedded objects; [Schema#NONE] adds none.
    private final Schema metadata;
    /// Whether it is one of a combination: what is no object has nothing against its properties.
    private final boolean part;

    private CustomSchema(Schema metadata, boolean part) {
        this.metadata = metadata;
        this.part = part;
    }

    /// A schema as it is declared.
    public static Schema read(View source) {
        return new CustomSchema(Schema.NONE, false).schema(source, false);
    }

    /// As [#read(View)], for a schema at whose root whole objects stand, as they do where it says so itself.
    public static Schema ofResources(View source) {
        var object = new LinkedHashMap<String, Object>(source.map());
        object.put("x-kubernetes-embedded-resource", true);
        return read(View.of(object));
    }

    /// The schema of whole objects: these have a type and metadata whatever is declared, and so have the
    /// objects embedded in them.
    public static Schema ofObjects(View source, Schema metadata) {
        var type = SchemaBuilder.reference("V1ObjectMeta", () -> metadata).build();
        return new CustomSchema(type, false).schema(source, true);
    }

    private Schema schema(View source) {
        return schema(source, metadata.exists() && embedded(source));
    }

    private static boolean embedded(View source) {
        return source.get("x-kubernetes-embedded-resource").bool();
    }

    private Schema schema(View source, boolean object) {
        var schema = SchemaBuilder.of(type(source))
                .format(source.get("format").string())
                .describe(source.get("description").string())
                .nullable(source.get("nullable").bool())
                .preserveUnknown(
                        source.get("x-kubernetes-preserve-unknown-fields").bool())
                .intOrString(source.get("x-kubernetes-int-or-string").bool())
                .embeddedResource(embedded(source))
                .required(source.get("required").strings())
                .constraints(constraints(source))
                .combination(combination(source));
        if (source.get("x-kubernetes-map-type").string().equals("atomic")) schema.mapType(Schema.MapType.ATOMIC);
        if (source.get("default").exists())
            schema.defaultValue(source.get("default").value());
        switch (source.get("x-kubernetes-list-type").string()) {
            case "map" ->
                schema.mapList(source.get("x-kubernetes-list-map-keys").strings());
            case "set" -> schema.setList();
            default -> {}
        }
        var properties = new LinkedHashMap<String, Schema>();
        source.get("properties").map().forEach((name, value) -> properties.put(name, schema(View.of(value))));
        if (object) {
            properties.put("apiVersion", Schema.string(""));
            properties.put("kind", Schema.string(""));
            properties.put("metadata", metadata);
        }
        schema.properties(properties);
        if (source.get("items").isMap()) schema.items(schema(source.get("items")));
        var additional = source.get("additionalProperties");
        if (additional.isMap()) schema.additional(schema(additional));
        // Of values that may be anything, `null` is one.
        else if (additional.bool())
            schema.additional(SchemaBuilder.of(Schema.Type.ANY).nullable(true).build());
        return schema.build();
    }

    private static Schema.Combination combination(View source) {
        if (source.map().keySet().stream().noneMatch(COMBINING::contains)) return Schema.Combination.NONE;
        return new Schema.Combination(
                parts(source.get("allOf")),
                parts(source.get("anyOf")),
                parts(source.get("oneOf")),
                part(source.get("not")));
    }

    private Schema.Type type(View source) {
        return switch (source.get("type").string()) {
            case "object" -> Schema.Type.OBJECT;
            case "array" -> Schema.Type.ARRAY;
            case "string" -> Schema.Type.STRING;
            case "integer" -> Schema.Type.INTEGER;
            case "number" -> Schema.Type.NUMBER;
            case "boolean" -> Schema.Type.BOOLEAN;
            default -> !part && source.get("properties").isMap() ? Schema.Type.OBJECT : Schema.Type.ANY;
        };
    }

    /// What most schemas demand is nothing, which is the same for all of them.
    private static Constraints constraints(View source) {
        if (source.map().keySet().stream().noneMatch(CONSTRAINING::contains)) return Constraints.NONE;
        return new Constraints(
                source.get("enum").list(),
                size(source, "Length"),
                size(source, "Items"),
                size(source, "Properties"),
                new Range(
                        number(source.get("minimum")),
                        source.get("exclusiveMinimum").bool(),
                        number(source.get("maximum")),
                        source.get("exclusiveMaximum").bool()),
                number(source.get("multipleOf")),
                pattern(source.get("pattern")),
                source.get("uniqueItems").bool());
    }

    /// What is wrong with a pattern, in Go's words; empty for a good one.
    public static Optional<String> patternError(String pattern) {
        try {
            var ignored = GoPattern.compile(pattern);
            return Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /// Empty also for one that cannot be read; a definition with such a one is refused.
    private static Optional<Pattern> pattern(View text) {
        try {
            return text.exists() ? Optional.of(GoPattern.compile(text.string())) : Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    private static Size size(View source, String of) {
        return new Size(
                number(source.get("min" + of)).map(Number::longValue),
                number(source.get("max" + of)).map(Number::longValue));
    }

    private static List<Schema> parts(View list) {
        return list.stream().map(CustomSchema::readPart).toList();
    }

    private static Schema readPart(View source) {
        return new CustomSchema(Schema.NONE, true).schema(source, false);
    }

    private static Optional<Schema> part(View source) {
        return source.isMap() ? Optional.of(readPart(source)) : Optional.empty();
    }

    private static Optional<Number> number(View value) {
        return value.value() instanceof Number number ? Optional.of(number) : Optional.empty();
    }
}
