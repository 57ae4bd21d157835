package io.navarch.apiserver.discovery;

import io.navarch.model.AnyObject;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The schema that a definition of custom resources declares, as it is published: what every object has is added, and
/// OpenAPI 2 is spared what its clients cannot read.
final class DeclaredSchema {
    private static final List<String> JUNCTORS = List.of("allOf", "oneOf", "anyOf", "not");
    private static final List<String> TYPE = List.of(AnyObject.KIND, AnyObject.API_VERSION);
    private static final String EMBEDDED = "x-kubernetes-embedded-resource";
    private static final String OPEN = "x-kubernetes-preserve-unknown-fields";
    private static final String PROPERTIES = "properties";

    private final boolean three;
    private final UnaryOperator<String> texts;
    private final Map<String, Object> metadata;

    /// @param three whether for OpenAPI 3
    /// @param texts what is said of the fields that every object has
    /// @param metadata the type of metadata, for a field
    DeclaredSchema(boolean three, UnaryOperator<String> texts, Map<String, Object> metadata) {
        this.three = three;
        this.texts = texts;
        this.metadata = metadata;
    }

    Map<String, Object> publish(Map<String, Object> declared) {
        if (!three && View.of(declared).get(OPEN).bool()) return Trees.map("type", "object");
        var schema = Trees.copy(declared);
        complete(schema);
        var properties = Trees.child(schema, PROPERTIES);
        identify(properties);
        return schema;
    }

    private void identify(Map<String, Object> properties) {
        properties.put(AnyObject.METADATA, Trees.copy(metadata));
        for (var field : TYPE) properties.put(field, Trees.map("type", "string", "description", texts.apply(field)));
    }

    private void complete(Map<String, Object> schema) {
        if (!three) spare(schema);
        for (var name : List.of("items", "additionalProperties"))
            if (schema.get(name) instanceof Map) complete(Trees.child(schema, name));
        if (schema.get(PROPERTIES) instanceof Map<?, ?> properties)
            for (var property : properties.values()) if (property instanceof Map<?, ?> tree) complete(cast(tree));
        var view = View.of(schema);
        if (three && view.get("x-kubernetes-int-or-string").bool())
            schema.putIfAbsent("anyOf", List.of(Trees.map("type", "integer"), Trees.map("type", "string")));
        if (view.get(EMBEDDED).bool() && (three || !view.get(OPEN).bool())) embed(schema);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Map<?, ?> tree) {
        return (Map<String, Object>) tree;
    }

    private void embed(Map<String, Object> schema) {
        var properties = Trees.child(schema, PROPERTIES);
        identify(properties);
        var required = Trees.childList(schema, "required");
        for (var name : TYPE) if (!required.contains(name)) required.add(name);
    }

    /// What clients of OpenAPI 2 cannot read.
    private static void spare(Map<String, Object> schema) {
        var view = View.of(schema);
        boolean nullable = view.get("nullable").bool();
        boolean open = view.get(OPEN).bool();
        var type = view.get("type").string();
        JUNCTORS.forEach(schema::remove);
        schema.remove("nullable");
        schema.remove("default");
        if (nullable || open) {
            schema.remove("items");
            schema.remove(PROPERTIES);
        }
        if (nullable || open && type.equals("object") || type.equals("array") && !schema.containsKey("items"))
            schema.remove("type");
        var required = new ArrayList<>(view.get("required").strings());
        view.get(PROPERTIES).map().forEach((name, property) -> {
            if (View.of(property).get("nullable").bool()) required.remove(name);
        });
        if (view.get("additionalProperties", "nullable").bool()) required.clear();
        if (required.isEmpty()) schema.remove("required");
        else schema.put("required", required);
    }
}
