package io.navarch.kinds.customresource;

import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.types.CustomSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Whether a schema is structural: it says what fields there are without looking into `allOf` and the like, which only
/// restrict them.
final class StructuralRules {
    private static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf");
    private static final List<Map<String, Object>> EITHER =
            List.of(Map.of("type", "integer"), Map.of("type", "string"));

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

    private final List<FieldError> errors = new FieldErrors();

    private StructuralRules() {}

    /// All that keeps a schema from being structural, in the order of the texts.
    static List<FieldError> check(View schema, String path) {
        var rules = new StructuralRules();
        rules.schema(schema, Level.ROOT, path);
        for (var part : parts(schema, path)) rules.complete(part.schema, schema, path, part.path);
        rules.errors.sort(Comparator.comparing(FieldError::toString));
        return rules.errors;
    }

    private record Part(View schema, String path) {}

    /// The schemas that restrict another.
    private static List<Part> parts(View schema, String path) {
        var parts = new ArrayList<Part>();
        if (schema.get("not").isMap()) parts.add(new Part(schema.get("not"), path + ".not"));
        for (var junctor : JUNCTORS) {
            int i = 0;
            for (var part : schema.get(junctor).views())
                parts.add(new Part(part, path + "." + junctor + "[" + i++ + "]"));
        }
        return parts;
    }

    /// Why a schema cannot be read as one at all; the first reason.
    static Optional<String> unreadable(View schema) {
        for (var field : List.of("id", "$schema", "$ref"))
            if (!schema.get(field).string().isEmpty()) return unsupported(field.equals("$schema") ? "schema" : field);
        for (var field : List.of("patternProperties", "dependencies"))
            if (!schema.get(field).map().isEmpty()) return unsupported(field);
        if (schema.get("additionalItems").exists()) return unsupported("additionalItems");
        if (!schema.get("definitions").map().isEmpty()) return unsupported("definitions");
        if (Boolean.FALSE.equals(
                schema.get("x-kubernetes-preserve-unknown-fields").value()))
            return Optional.of("internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined");
        if (!schema.get("items").list().isEmpty())
            return Optional.of("OpenAPIV3Schema 'items' must be a schema, but is an array");
        var parts = parts(schema, "").stream().map(Part::schema);
        var properties = schema.get("properties").map().values().stream().map(View::of);
        var others = Stream.of("items", "additionalProperties").map(schema::get).filter(View::isMap);
        return Stream.of(parts, others, properties)
                .flatMap(all -> all)
                .map(StructuralRules::unreadable)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> unsupported(String field) {
        return Optional.of("OpenAPIV3Schema '" + field + "' is not supported");
    }

    private void forbid(String path, String why) {
        errors.add(FieldError.forbidden(path, why));
    }

    private void schema(View schema, Level level, String path) {
        if (schema.get("items").isMap()) schema(schema.get("items"), Level.ITEM, path + ".items");
        else if (schema.get("type").string().equals("array"))
            errors.add(FieldError.required(path + ".items", "must be specified"));
        schema.get("properties")
                .map()
                .forEach((name, property) ->
                        schema(View.of(property), Level.FIELD, FieldError.entry(path + ".properties", name)));
        var additional = schema.get("additionalProperties");
        if (additional.exists() && level == Level.ROOT)
            forbid(path + ".additionalProperties", "must not be used at the root");
        if (additional.isMap()) schema(additional, Level.FIELD, path + ".additionalProperties");
        restrictions(schema, either(schema), eitherFirst(schema), path);
        type(schema, level, path);
        metadata(schema, level, path);
    }

    /// `anyOf: [{type: integer}, {type: string}]` may stand beside `x-kubernetes-int-or-string`, which says the same.
    private static boolean either(View schema) {
        return Trees.semanticEquals(schema.get("anyOf").list(), EITHER);
    }

    private static boolean eitherFirst(View schema) {
        var all = schema.get("allOf").views();
        return !all.isEmpty() && either(all.getFirst());
    }

    private void type(View schema, Level level, String path) {
        var type = schema.get("type").string();
        boolean open = schema.get("x-kubernetes-preserve-unknown-fields").bool();
        boolean embedded = schema.get("x-kubernetes-embedded-resource").bool();
        boolean intOrString = schema.get("x-kubernetes-int-or-string").bool();
        if (embedded && !type.equals("object")) {
            var why = "must be object if x-kubernetes-embedded-resource is true";
            errors.add(
                    type.isEmpty()
                            ? FieldError.required(path + ".type", why)
                            : FieldError.invalid(path + ".type", type, why));
        } else if (type.isEmpty() && !intOrString && !open) {
            errors.add(FieldError.required(path + ".type", "must not be empty " + level.words));
        }
        if (level == Level.ROOT && !type.isEmpty() && !type.equals("object"))
            errors.add(FieldError.invalid(path + ".type", type, "must be object at the root"));
        if (embedded && schema.get("additionalProperties").exists())
            forbid(path + ".additionalProperties", "must not be used if x-kubernetes-embedded-resource is set");
        if (embedded && !open && schema.get("properties").map().isEmpty())
            errors.add(
                    FieldError.required(
                            path + ".properties",
                            "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"));
        if (!intOrString) return;
        var why = "must be false if x-kubernetes-int-or-string is true";
        if (open) errors.add(FieldError.invalid(path + ".x-kubernetes-preserve-unknown-fields", true, why));
        if (embedded) errors.add(FieldError.invalid(path + ".x-kubernetes-embedded-resource", true, why));
    }

    /// The fields that every object has are what they always are.
    private void metadata(View schema, Level level, String path) {
        var metadata = schema.get("properties", "metadata");
        if (level == Level.ROOT || schema.get("x-kubernetes-embedded-resource").bool()) {
            for (var name : List.of("kind", "apiVersion")) own(schema, name, "string", path);
            own(schema, "metadata", "object", path);
        }
        if (level != Level.ROOT || !metadata.exists()) return;
        var rest = new HashSet<>(metadata.map().keySet());
        rest.removeAll(Set.of("type", "default"));
        if (Set.of("name", "generateName")
                .containsAll(metadata.get("properties").map().keySet())) rest.remove("properties");
        if (!rest.isEmpty())
            forbid(
                    path + ".properties[metadata]",
                    "must not specify anything other than name and generateName, but metadata is implicitly specified");
    }

    private void own(View schema, String name, String wanted, String path) {
        var property = schema.get("properties", name);
        var type = property.get("type").string();
        if (property.exists() && !type.equals(wanted))
            errors.add(FieldError.invalid(path + ".properties[" + name + "].type", type, "must be " + wanted));
    }

    /// @param either whether `anyOf` only says that both integers and strings are taken
    /// @param eitherFirst whether the first of `allOf` says so
    private void restrictions(View schema, boolean either, boolean eitherFirst, String path) {
        for (var junctor : JUNCTORS) {
            if (either && junctor.equals("anyOf")) continue;
            int i = 0;
            for (var part : schema.get(junctor).views()) {
                boolean known = eitherFirst && junctor.equals("allOf") && i == 0;
                restriction(part, known, path + "." + junctor + "[" + i++ + "]");
            }
        }
        if (schema.get("not").isMap()) restriction(schema.get("not"), false, path + ".not");
        var pattern = schema.get("pattern").string();
        CustomSchema.patternError(pattern)
                .ifPresent(why -> errors.add(FieldError.invalid(
                        path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + why)));
    }

    /// A schema that only restricts: it says nothing of what fields there are.
    private void restriction(View schema, boolean either, String path) {
        restrictions(schema, either, false, path);
        if (schema.get("items").isMap()) restriction(schema.get("items"), false, path + ".items");
        schema.get("properties")
                .map()
                .forEach((name, property) ->
                        restriction(View.of(property), false, FieldError.entry(path + ".properties", name)));
        if (!schema.get("type").string().isEmpty()) forbid(path + ".type", "must be empty to be structural");
        var additional = schema.get("additionalProperties");
        if (additional.isMap() || additional.bool())
            forbid(path + ".additionalProperties", "must be undefined to be structural");
        if (schema.get("default").exists()) forbid(path + ".default", "must be undefined to be structural");
        for (var field : List.of("title", "description"))
            if (!schema.get(field).string().isEmpty()) forbid(path + "." + field, "must be empty to be structural");
        for (var field : List.of(
                "nullable",
                "x-kubernetes-preserve-unknown-fields",
                "x-kubernetes-embedded-resource",
                "x-kubernetes-int-or-string"))
            if (schema.get(field).bool()) forbid(path + "." + field, "must be false to be structural");
        for (var field : List.of("x-kubernetes-list-map-keys", "x-kubernetes-validations"))
            if (!schema.get(field).list().isEmpty()) forbid(path + "." + field, "must be empty to be structural");
        for (var field : List.of("x-kubernetes-list-type", "x-kubernetes-map-type"))
            if (schema.get(field).exists()) forbid(path + "." + field, "must be undefined to be structural");
        if (schema.get("properties", "metadata").exists())
            forbid(path + ".properties[metadata]", "must not be specified in a nested context");
    }

    /// What a part restricts is specified.
    ///
    /// @param whole the schema that says what fields there are, at `path`
    private void complete(View part, View whole, String path, String at) {
        if (!whole.isMap()) {
            errors.add(FieldError.required(path, "because it is defined in " + at));
            return;
        }
        for (var inner : parts(part, at)) complete(inner.schema, whole, path, inner.path);
        if (part.get("items").isMap()) complete(part.get("items"), whole.get("items"), path + ".items", at + ".items");
        part.get("properties").map().forEach((name, property) -> {
            var step = ".properties[" + name + "]";
            complete(View.of(property), whole.get("properties", name), path + step, at + step);
        });
    }
}
