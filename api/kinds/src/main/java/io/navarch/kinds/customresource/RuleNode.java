package io.navarch.kinds.customresource;

import io.navarch.objects.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A schema with rules, or with rules somewhere below it.
///
/// @param schema of the values that the rules are about
/// @param resource whether these are whole objects
record RuleNode(
        View schema,
        boolean resource,
        List<SchemaRule> rules,
        @Nullable RuleNode items,
        @Nullable RuleNode additional,
        Map<String, RuleNode> properties,
        SelfShape shape) {
    /// @return empty when there are no rules
    static Optional<RuleNode> of(View schema) {
        return Optional.ofNullable(node(schema, true));
    }

    private static @Nullable RuleNode node(View schema, boolean resource) {
        var declared = schema.get("x-kubernetes-validations").views().stream()
                .filter(rule -> !rule.get("rule").string().isBlank())
                .toList();
        var scopes = new RuleScopes(schema, resource, declared.size());
        var here = declared.stream()
                .map(rule -> new SchemaRule(rule, schema, scopes))
                .toList();
        var items = below(schema.get("items"));
        var additional = below(schema.get("additionalProperties"));
        var properties = new LinkedHashMap<String, RuleNode>();
        schema.get("properties").map().forEach((name, property) -> {
            var node = below(View.of(property));
            if (node != null) properties.put(name, node);
        });
        if (here.isEmpty() && items == null && additional == null && properties.isEmpty()) return null;
        var shape = here.isEmpty() ? (SelfShape) raw -> "" : SelfShapes.of(schema, resource);
        return new RuleNode(schema, resource, here, items, additional, properties, shape);
    }

    private static @Nullable RuleNode below(View schema) {
        if (!schema.isMap()) return null;
        return node(schema, schema.get("x-kubernetes-embedded-resource").bool());
    }

    /// What errors say of the type.
    String type() {
        return schema.get("type").string();
    }
}
