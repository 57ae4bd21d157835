package io.navarch.apiserver.discovery;

import io.navarch.model.AnyObject;
import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.SchemaBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Writes schemas by name, each once.
final class SchemaWriter {
    private static final String REFERENCE = "$ref";
    private static final String KINDS = "x-kubernetes-group-version-kind";
    /// A type whose description of `apiVersion` and `kind` is that of all.
    private static final String ANY_OBJECT = "V1Status";
    private static final String METADATA = "V1ObjectMeta";
    /// So the metadata of custom resources are explained.
    private static final String METADATA_TEXT = "Standard object's metadata. More info:"
            + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

    private static final String LIST_METADATA = "V1ListMeta";

    private static final String CONVENTIONS =
            "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
    private static final String LIST_METADATA_TEXT =
            "Standard list metadata. More info: " + CONVENTIONS + "#types-kinds";
    private static final String LIST_TEXT = "List of %s. More info: " + CONVENTIONS;

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

    boolean three() {
        return prefix.startsWith("#/components");
    }

    Map<String, Object> reference(String name) {
        return Trees.map(REFERENCE, prefix + name);
    }

    /// A type that operations refer to.
    ///
    /// @return its published name
    String named(String type) {
        reference(SchemaBuilder.reference(type, () -> names.type(type)).build());
        return names.published(type);
    }

    /// A type that operations refer to, and that is a kind of its own.
    String named(String type, Map<String, Object> identity) {
        var name = named(type);
        if (schemas.get(name) instanceof Map<?, ?> schema && !schema.containsKey(KINDS)) {
            var completed = new LinkedHashMap<String, Object>();
            schema.forEach((key, value) -> completed.put((String) key, value));
            completed.put(KINDS, List.of(identity));
            schemas.put(name, completed);
        }
        return name;
    }

    String named(BasicType type) {
        reference(type);
        return type.published();
    }

    /// The type of a kind's lists.
    ///
    /// @param element the name of the schema of its objects
    /// @return its published name
    String list(ServedVersion served, Map<String, Object> identity, String element) {
        var kind = served.kind();
        var name = element.substring(0, element.lastIndexOf('.') + 1) + kind.listKind();
        var listed = Trees.copy(identity);
        listed.put("kind", kind.listKind());
        var type = kind.custom() ? "" : typeOf(served) + "List";
        var items = reference(element);
        var metadata = reference(named(LIST_METADATA));
        if (!kind.custom()) {
            items.put("default", Map.of());
            metadata.put("default", Map.of());
        }
        metadata.put("description", kind.custom() ? LIST_METADATA_TEXT : names.description(type, AnyObject.METADATA));
        var about = kind.custom() ? LIST_TEXT.formatted(kind.plural()) : names.description(type, "items");
        schemas.put(
                name,
                Trees.map(
                        "description",
                        kind.custom() ? kind.listKind() + " is a list of " + kind.kind() : names.description(type, ""),
                        "type",
                        "object",
                        "required",
                        List.of("items"),
                        "properties",
                        Trees.map(
                                AnyObject.API_VERSION,
                                Trees.map("description", textOfAll(AnyObject.API_VERSION), "type", "string"),
                                "items",
                                Trees.map("description", about, "type", "array", "items", wrapped(items)),
                                AnyObject.KIND,
                                Trees.map("description", textOfAll(AnyObject.KIND), "type", "string"),
                                AnyObject.METADATA,
                                wrapped(metadata)),
                        KINDS,
                        List.of(listed)));
        return name;
    }

    String root(ServedVersion served, Map<String, Object> identity) {
        var name = nameOf(served);
        if (!served.version().declared().isEmpty()) {
            var declared = new DeclaredSchema(three(), this::textOfAll, metadata())
                    .publish(served.version().declared());
            declared.put(KINDS, List.of(identity));
            var selectable = served.version().selectable();
            if (!selectable.isEmpty())
                declared.put(
                        "x-kubernetes-selectable-fields",
                        selectable.stream()
                                .map(path -> Trees.map("fieldPath", path))
                                .toList());
            schemas.put(name, declared);
            return name;
        }
        var type = typeOf(served);
        var schema = write(served.version().schema(), type, FieldFacts.NONE);
        schema.put(KINDS, List.of(identity));
        var properties = new LinkedHashMap<String, Object>();
        for (var field : List.of(AnyObject.API_VERSION, AnyObject.KIND))
            properties.put(field, Trees.map("type", "string", "description", textOfAll(field)));
        if (schema.get("properties") instanceof Map<?, ?> own)
            own.forEach((key, value) -> properties.putIfAbsent((String) key, value));
        schema.put("properties", properties);
        schemas.put(name, schema);
        return name;
    }

    /// What is said of a field that every object has.
    private String textOfAll(String field) {
        return names.description(ANY_OBJECT, field);
    }

    private Map<String, Object> metadata() {
        var written = reference(
                SchemaBuilder.reference(METADATA, () -> names.type(METADATA)).build());
        written.put("description", METADATA_TEXT);
        return wrapped(written);
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

    /// @param type the named type that is described itself, else `""`
    /// @param facts of the field that has this schema, or whose elements have it
    private Map<String, Object> write(Schema schema, String type, FieldFacts facts) {
        var result = new LinkedHashMap<String, Object>();
        var basic = BasicType.of(schema, facts.free());
        if (basic.isPresent()) return reference(basic.get());
        if (!schema.exists()) return result;
        if (!schema.typeName().isEmpty()) return reference(schema);
        switch (schema.type()) {
            case OBJECT -> {
                result.put("type", "object");
                if (!schema.properties().isEmpty()) result.put("properties", properties(schema, type));
                if (schema.additional().exists())
                    result.put("additionalProperties", element(schema.additional(), facts));
                if (!schema.required().isEmpty()) result.put("required", List.copyOf(schema.required()));
            }
            case ARRAY -> {
                result.put("type", "array");
                result.put("items", element(schema.items(), facts));
            }
            case STRING, INTEGER, NUMBER, BOOLEAN -> {
                result.put("type", schema.type().name().toLowerCase(Locale.ROOT));
                if (!schema.format().isEmpty()) result.put("format", schema.format());
                if (!facts.values().isEmpty()) result.put("enum", facts.values());
            }
            case ANY -> {}
        }
        var text = schema.description();
        if (text.isEmpty() && !type.isEmpty()) text = names.description(type, "");
        if (!text.isEmpty()) result.put("description", text);
        extensions(schema, result);
        return result;
    }

    private Map<String, Object> element(Schema schema, FieldFacts facts) {
        var written = write(schema, "", facts);
        if (!schema.typeName().isEmpty()) written.put("default", Map.of());
        else zero(schema).ifPresent(value -> written.put("default", value));
        return wrapped(written);
    }

    /// What a scalar is that nobody has set.
    private static Optional<Object> zero(Schema schema) {
        if (BasicType.of(schema, Optional.empty()).isPresent()) return Optional.empty();
        return switch (schema.type()) {
            case STRING -> schema.format().equals("byte") ? Optional.empty() : Optional.of("");
            case INTEGER, NUMBER -> Optional.of(0L);
            case BOOLEAN -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private Map<String, Object> properties(Schema schema, String type) {
        var result = new LinkedHashMap<String, Object>();
        schema.properties().forEach((name, property) -> {
            var facts = type.isEmpty() ? FieldFacts.NONE : FieldFacts.of(names, type, name);
            var written = write(property, "", facts);
            var text = description(type, name, property);
            if (!text.isEmpty()) written.put("description", facts.with(text));
            shownDefault(property, schema.required().contains(name), facts)
                    .ifPresent(value -> written.put("default", value));
            result.put(name, wrapped(written));
        });
        return result;
    }

    /// The text about a field. Fields that hold a structure have none in the client's models: that of the structure
    /// stands for it.
    private String description(String type, String field, Schema property) {
        var text = type.isEmpty() ? "" : names.description(type, field);
        return text.isEmpty() && !property.typeName().isEmpty() ? names.description(property.typeName(), "") : text;
    }

    private static Optional<Object> shownDefault(Schema property, boolean required, FieldFacts facts) {
        if (facts.shown().equals("none")) return Optional.empty();
        if (!facts.shown().isEmpty()) return facts.exception();
        if (property.structure() || property.typeName().equals(METADATA)) return Optional.of(Map.of());
        return required ? zero(property) : Optional.empty();
    }

    private Map<String, Object> reference(BasicType basic) {
        schemas.putIfAbsent(basic.published(), basic.write(three()));
        return Trees.map(REFERENCE, prefix + basic.published());
    }

    private Map<String, Object> reference(Schema schema) {
        var name = names.published(schema.typeName());
        if (!schemas.containsKey(name)) {
            schemas.put(name, Trees.map());
            schemas.put(name, write(schema.resolved(), schema.typeName(), FieldFacts.NONE));
        }
        var result = Trees.map(REFERENCE, prefix + name);
        extensions(schema, result);
        return result;
    }

    /// A reference with texts or defaults beside it must be wrapped in OpenAPI 3.
    private Map<String, Object> wrapped(Map<String, Object> schema) {
        if (!three() || schema.size() == 1 || !schema.containsKey(REFERENCE)) return schema;
        schema.put("allOf", List.of(Trees.map(REFERENCE, schema.remove(REFERENCE))));
        return schema;
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
        if (schema.type() == Schema.Type.OBJECT)
            schema.mapType()
                    .ifPresent(type ->
                            into.put("x-kubernetes-map-type", type.name().toLowerCase(Locale.ROOT)));
        if (schema.typeName().isEmpty() && schema.type() == Schema.Type.OBJECT && schema.preserveUnknown())
            into.put("x-kubernetes-preserve-unknown-fields", true);
    }

    private static String reversed(String group) {
        var parts = new ArrayList<>(List.of(group.split("\\.")));
        Collections.reverse(parts);
        return String.join(".", parts);
    }
}
