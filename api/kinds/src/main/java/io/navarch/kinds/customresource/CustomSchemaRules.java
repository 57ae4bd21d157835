package io.navarch.kinds.customresource;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.types.CustomSchema;
import io.navarch.schema.walk.StructuralValidation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the schema of a custom resource must be: structural, so that fields can be pruned and completed.
///
/// Source:
/// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
final class CustomSchemaRules {
    private static final Set<String> TYPES = Set.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> UNSUPPORTED =
            List.of("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref");
    private static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf");

    /// Where a schema stands decides what is said when it has no type.
    private enum Level {
        ROOT("at the root"),
        ITEM("for specified array items"),
        FIELD("for specified object fields");

        final String words;

        Level(String words) {
            this.words = words;
        }
    }

    private final Check check;
    private final SelfTypes types = new SelfTypes();
    private final ExpressionRules expressions;

    private CustomSchemaRules(ExpressionRules expressions) {
        this.expressions = expressions;
        this.check = expressions.errors();
    }

    static void check(View schema, String path, ExpressionRules expressions) {
        var rules = new CustomSchemaRules(expressions);
        if (schema.get("nullable").bool())
            rules.check.add(FieldError.forbidden(path + ".nullable", "nullable cannot be true at the root"));
        rules.structural(schema, Level.ROOT, path);
    }

    private void structural(View schema, Level level, String path) {
        common(schema, path);
        type(schema, level, path);
        lists(schema, path);
        metadata(schema, level, path);
        if (schema.get("items").isMap()) structural(schema.get("items"), Level.ITEM, path + ".items");
        else if (schema.get("items").exists())
            forbid(path + ".items", "items must be a schema object and not an array");
        else if (schema.get("type").string().equals("array"))
            check.add(FieldError.required(path + ".items", "must be specified"));
        schema.get("properties")
                .map()
                .forEach((name, property) ->
                        structural(View.of(property), Level.FIELD, path + ".properties[" + name + "]"));
        if (schema.get("additionalProperties").isMap())
            structural(schema.get("additionalProperties"), Level.FIELD, path + ".additionalProperties");
        fallback(schema, path);
        junctors(schema, intOrString(schema), path);
        expressions(schema, path);
    }

    /// `anyOf: [{type: integer}, {type: string}]` may say what `x-kubernetes-int-or-string` says.
    private static boolean intOrString(View schema) {
        return schema.get("x-kubernetes-int-or-string").bool();
    }

    private void forbid(String path, String why) {
        check.add(FieldError.forbidden(path, why));
    }

    /// What holds for every schema, also inside `allOf` and the like.
    private void common(View schema, String path) {
        var type = schema.get("type").string();
        if (!type.isEmpty() && !TYPES.contains(type)) check.add(FieldError.notSupported(path + ".type", type, TYPES));
        if (type.equals("null")) forbid(path + ".type", "type cannot be set to null, use nullable as an alternative");
        for (var field : UNSUPPORTED)
            if (schema.get(field).exists()) forbid(path + "." + field, field + " is not supported");
        if (schema.get("uniqueItems").bool())
            forbid(
                    path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        var additional = schema.get("additionalProperties");
        if (additional.exists()
                && !schema.get("properties").map().isEmpty()
                && !Boolean.TRUE.equals(additional.value()))
            forbid(path + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
        var pattern = schema.get("pattern").string();
        CustomSchema.patternError(pattern)
                .ifPresent(why -> check.add(FieldError.invalid(
                        path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + why)));
        if (Boolean.FALSE.equals(
                schema.get("x-kubernetes-preserve-unknown-fields").value()))
            check.add(FieldError.invalid(
                    path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined"));
    }

    private void type(View schema, Level level, String path) {
        var type = schema.get("type").string();
        boolean open = schema.get("x-kubernetes-preserve-unknown-fields").bool();
        boolean embedded = schema.get("x-kubernetes-embedded-resource").bool();
        if (embedded && !type.equals("object")) {
            var why = "must be object if x-kubernetes-embedded-resource is true";
            check.add(
                    type.isEmpty()
                            ? FieldError.required(path + ".type", why)
                            : FieldError.invalid(path + ".type", type, why));
        } else if (type.isEmpty() && !intOrString(schema) && !open) {
            check.add(FieldError.required(path + ".type", "must not be empty " + level.words));
        }
        if (level == Level.ROOT && !type.isEmpty() && !type.equals("object"))
            check.add(FieldError.invalid(path + ".type", type, "must be object at the root"));
        if (embedded && schema.get("additionalProperties").exists())
            forbid(path + ".additionalProperties", "must not be used if x-kubernetes-embedded-resource is set");
        if (embedded && !open && schema.get("properties").map().isEmpty())
            check.add(
                    FieldError.required(
                            path + ".properties",
                            "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"));
        if (intOrString(schema)) {
            var why = "must be false if x-kubernetes-int-or-string is true";
            if (open) check.add(FieldError.invalid(path + ".x-kubernetes-preserve-unknown-fields", true, why));
            if (embedded) check.add(FieldError.invalid(path + ".x-kubernetes-embedded-resource", true, why));
        }
    }

    private void metadata(View schema, Level level, String path) {
        if (level != Level.ROOT && !schema.get("x-kubernetes-embedded-resource").bool()) return;
        Map.of("kind", "string", "apiVersion", "string", "metadata", "object").forEach((name, wanted) -> {
            var property = schema.get("properties", name);
            if (property.exists() && !property.get("type").string().equals(wanted))
                check.add(FieldError.invalid(
                        path + ".properties[" + name + "].type",
                        property.get("type").string(),
                        "must be " + wanted));
        });
        var metadata = schema.get("properties", "metadata");
        if (level != Level.ROOT || !metadata.exists()) return;
        var rest = new HashSet<>(metadata.map().keySet());
        rest.removeAll(Set.of("type", "description"));
        if (Set.of("name", "generateName")
                .containsAll(metadata.get("properties").map().keySet())) rest.remove("properties");
        if (!rest.isEmpty())
            forbid(
                    path + ".properties[metadata]",
                    "must not specify anything other than name and generateName, but metadata is implicitly specified");
    }

    /// A default is a value that the schema accepts.
    private void fallback(View schema, String path) {
        if (!schema.map().containsKey("default")) return;
        var errors = new ArrayList<FieldError>();
        StructuralValidation.validate(schema.get("default").value(), CustomSchema.read(schema), "", errors);
        for (var error : errors)
            check.add(
                    FieldError.invalid(path + ".default", schema.get("default").value(), error.detail()));
    }

    private void lists(View schema, String path) {
        var type = schema.get("type").string();
        extension(schema, "x-kubernetes-map-type", "object", List.of("atomic", "granular"), path);
        extension(schema, "x-kubernetes-list-type", "array", List.of("atomic", "set", "map"), path);
        var list = schema.get("x-kubernetes-list-type");
        var keys = schema.get("x-kubernetes-list-map-keys").strings();
        var items = schema.get("items");
        boolean map = list.string().equals("map");
        if (!keys.isEmpty() && !map) {
            var why = "must be map if x-kubernetes-list-map-keys is non-empty";
            check.add(
                    list.exists()
                            ? FieldError.invalid(path + ".x-kubernetes-list-type", list.string(), why)
                            : FieldError.required(path + ".x-kubernetes-list-type", why));
        }
        if (list.string().equals("set") && type.equals("array") && items.isMap()) setItems(items, path);
        if (!map) return;
        if (keys.isEmpty())
            check.add(FieldError.required(
                    path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map"));
        if (!items.exists())
            check.add(FieldError.required(path + ".items", "must have a schema if x-kubernetes-list-type is map"));
        else if (!items.get("type").string().equals("object"))
            check.add(FieldError.invalid(
                    path + ".items.type",
                    items.get("type").string(),
                    "must be object if parent array's x-kubernetes-list-type is map"));
        else keys(items, keys, path);
    }

    private void keys(View items, List<String> keys, String path) {
        var seen = new HashSet<String>();
        for (var key : keys) {
            var property = items.get("properties", key);
            var type = property.get("type").string();
            var at = path + ".x-kubernetes-list-map-keys";
            if (!property.exists())
                check.add(FieldError.invalid(at, keys, "entries must all be names of item properties"));
            else if (type.equals("array") || type.equals("object"))
                check.add(FieldError.invalid(
                        path + ".items.properties[" + key + "].type",
                        type,
                        "must be a scalar type if parent array's x-kubernetes-list-type is map"));
            else if (!property.get("default").exists()
                    && !items.get("required").strings().contains(key))
                check.add(
                        FieldError.required(
                                path + ".items.properties[" + key + "].default",
                                "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"));
            if (!seen.add(key)) check.add(FieldError.invalid(at, keys, "must not contain duplicate entries"));
        }
    }

    private void setItems(View items, String path) {
        var why = "must be atomic as item of a list with x-kubernetes-list-type=set";
        var list = items.get("x-kubernetes-list-type");
        var map = items.get("x-kubernetes-map-type");
        if (items.get("type").string().equals("array")
                && list.exists()
                && !list.string().equals("atomic"))
            check.add(FieldError.invalid(path + ".items.x-kubernetes-list-type", list.string(), why));
        if (items.get("type").string().equals("object") && !map.string().equals("atomic"))
            check.add(FieldError.invalid(path + ".items.x-kubernetes-map-type", map.value(), why));
    }

    private void extension(View schema, String name, String wanted, List<String> values, String path) {
        var extension = schema.get(name);
        if (!extension.exists()) return;
        var type = schema.get("type").string();
        var why = "must be " + wanted + " if " + name + " is specified";
        if (type.isEmpty()) check.add(FieldError.required(path + ".type", why));
        else if (!type.equals(wanted)) check.add(FieldError.invalid(path + ".type", type, why));
        if (!values.contains(extension.string()))
            check.add(FieldError.notSupported(path + "." + name, extension.string(), Set.copyOf(values)));
    }

    private void junctors(View schema, boolean either, String path) {
        for (var junctor : JUNCTORS) {
            int i = 0;
            for (var part : schema.get(junctor).views()) {
                var at = path + "." + junctor + "[" + i++ + "]";
                boolean typed = either && (junctor.equals("anyOf") || junctor.equals("allOf") && i == 1);
                nested(part, typed, at);
            }
        }
        if (schema.get("not").isMap()) nested(schema.get("not"), false, path + ".not");
    }

    /// A schema that only restricts: it says nothing of what fields there are.
    private void nested(View schema, boolean typed, String path) {
        common(schema, path);
        if (!typed && !schema.get("type").string().isEmpty()) forbid(path + ".type", "must be empty to be structural");
        for (var field : List.of("additionalProperties", "default"))
            if (schema.get(field).exists()) forbid(path + "." + field, "must be undefined to be structural");
        for (var field : List.of("title", "description"))
            if (!schema.get(field).string().isEmpty()) forbid(path + "." + field, "must be empty to be structural");
        for (var field : List.of(
                "nullable",
                "x-kubernetes-preserve-unknown-fields",
                "x-kubernetes-embedded-resource",
                "x-kubernetes-int-or-string"))
            if (schema.get(field).bool()) forbid(path + "." + field, "must be false to be structural");
        for (var field : List.of("x-kubernetes-list-type", "x-kubernetes-map-type"))
            if (schema.get(field).exists()) forbid(path + "." + field, "must be undefined to be structural");
        if (schema.get("properties", "metadata").exists())
            forbid(path + ".properties[metadata]", "must not be specified in a nested context");
        schema.get("properties")
                .map()
                .forEach((name, property) -> nested(View.of(property), false, path + ".properties[" + name + "]"));
        if (schema.get("items").isMap()) nested(schema.get("items"), false, path + ".items");
        junctors(schema, typed, path);
    }

    private void expressions(View schema, String path) {
        int i = 0;
        for (var rule : schema.get("x-kubernetes-validations").views()) {
            var at = path + ".x-kubernetes-validations[" + i++ + "]";
            if (rule.get("rule").string().isBlank()) {
                check.add(FieldError.required(at + ".rule", "rule is not specified"));
                continue;
            }
            var message = rule.get("message").string();
            if (message.contains("\n"))
                check.add(FieldError.invalid(at + ".message", message, "message must not contain line breaks"));
            if (rule.get("rule").string().contains("\n") && message.isBlank())
                check.add(
                        FieldError.required(at + ".message", "message must be specified if rule contains line breaks"));
            var environment = types.environment(schema);
            expressions.check(rule.get("rule"), at + ".rule", environment);
            if (rule.get("messageExpression").exists())
                expressions.check(
                        rule.get("messageExpression"), at + ".messageExpression", environment.comingTo("string"));
        }
    }
}
