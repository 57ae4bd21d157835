package io.navarch.kinds.customresource;

import io.navarch.expressions.estimate.Range;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the schema of a custom resource must be: what every schema says by itself. That it is structural is
/// checked by [StructuralRules], its defaults by [DefaultRules], its expressions by [ValidationRules].
///
/// Source: the Kubernetes documentation, "Specifying a structural schema" of custom resource definitions.
final class CustomSchemaRules {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final Set<String> OF_OBJECTS = Set.of("metadata", "kind", "apiVersion");
    private static final List<String> LIST_TYPES = List.of("atomic", "set", "map");
    private static final List<String> MAP_TYPES = List.of("atomic", "granular");

    /// What the root of a schema may say where the status is a subresource.
    private static final List<String> WITH_STATUS = List.of(
            "description",
            "type",
            "format",
            "title",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "multipleOf",
            "required",
            "items",
            "properties",
            "externalDocs",
            "example",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-validations");

    /// What the schemas above say of one below them.
    ///
    /// @param noDefaults why there may be no default, or `""`
    /// @param inMetadata whether it is part of an object's own metadata
    /// @param uncorrelated the path of the first list whose elements have no old value, or `""`
    /// @param expressions whether rules are compiled here
    /// @param times how often values can be there at most, as a number without a sign; none if nobody says
    private record Surroundings(
            String noDefaults, boolean inMetadata, String uncorrelated, boolean expressions, Optional<Long> times) {
        static final Surroundings ROOT = new Surroundings("", false, "", true, Optional.of(1L));

        /// For what is below a schema.
        Surroundings below(View schema) {
            var most = switch (schema.get("type").string()) {
                case "object" ->
                    schema.get("additionalProperties").exists() ? limit(schema.get("maxProperties")) : Optional.of(1L);
                case "array" -> limit(schema.get("maxItems"));
                default -> Optional.of(1L);
            };
            var product = times.flatMap(count -> most.map(more -> Range.times(count, more)));
            return new Surroundings(noDefaults, inMetadata, uncorrelated, expressions, product);
        }

        private static Optional<Long> limit(View number) {
            return number.exists() ? Optional.of(Math.max(0, number.longOr(0))) : Optional.empty();
        }

        Surroundings withoutDefaults(String why) {
            return new Surroundings(why, inMetadata, uncorrelated, expressions, times);
        }

        Surroundings insideMetadata() {
            return new Surroundings(noDefaults, true, uncorrelated, expressions, times);
        }

        Surroundings uncorrelated(String path) {
            return uncorrelated.isEmpty() ? new Surroundings(noDefaults, inMetadata, path, expressions, times) : this;
        }

        Surroundings withoutExpressions() {
            return new Surroundings(noDefaults, inMetadata, uncorrelated, false, times);
        }
    }

    private final Check check;
    private final ValidationRules validations;
    private final boolean compiled;

    private CustomSchemaRules(Check check, ValidationRules validations, boolean compiled) {
        this.check = check;
        this.validations = validations;
        this.compiled = compiled;
    }

    /// @param status whether the status is a subresource, so that its schema must be found by itself
    /// @param unchanged whether the schema was stored before
    static void check(View schema, String path, boolean status, boolean unchanged, ExpressionRules expressions) {
        var check = expressions.errors();
        int before = check.errors().size();
        if (status) root(schema, path, check);
        if (schema.get("nullable").bool()) check.forbidden(path + ".nullable", "nullable cannot be true at the root");
        var unreadable = StructuralRules.unreadable(schema);
        boolean structural = unreadable.isEmpty();
        if (structural) {
            var wrong = StructuralRules.check(schema, path);
            check.addAll(wrong);
            structural = wrong.isEmpty() && DefaultRules.check(schema, path, check);
        }
        var costs = new RuleCosts(check, unchanged);
        var validations = new ValidationRules(expressions, costs);
        new CustomSchemaRules(check, validations, structural).schema(schema, path, true, Surroundings.ROOT);
        validations.compile();
        costs.total(path);
        if (check.errors().size() == before) unreadable.ifPresent(why -> check.invalid(path, "", why));
    }

    /// Where the status is a subresource, the root says no more than what its parts say as well.
    private static void root(View schema, String path, Check check) {
        var type = schema.get("type").string();
        if (!type.isEmpty() && !type.equals("object"))
            check.invalid(
                    path + ".type",
                    type,
                    "only \"object\" is allowed as the type at the root of the schema if the status subresource is"
                            + " enabled");
        else if (schema.map().entrySet().stream()
                .anyMatch(field -> !WITH_STATUS.contains(field.getKey()) && set(field.getValue())))
            check.invalid(
                    path,
                    schema.map(),
                    "only "
                            + WITH_STATUS.stream()
                                    .map(CustomSchemaRules::told)
                                    .toList()
                                    .toString()
                                    .replace(",", "")
                            + " fields are allowed at the root of the schema if the status subresource is enabled");
    }

    private static boolean set(@Nullable Object value) {
        return value != null && !value.equals("") && !value.equals(false) && !value.equals(List.of());
    }

    /// The name of a field as the error has it.
    private static String told(String field) {
        return field.startsWith("x-kubernetes-")
                ? "X"
                        + Arrays.stream(field.substring("x-kubernetes-".length())
                                        .split("-"))
                                .map(CustomSchemaRules::capital)
                                .collect(Collectors.joining())
                : capital(field);
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private void schema(View schema, String path, boolean root, Surroundings around) {
        int before = check.errors().size();
        standard(schema, path, around);
        if (schema.get("uniqueItems").bool())
            check.forbidden(
                    path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        parts(schema, path, root, around);
        if (Boolean.FALSE.equals(
                schema.get("x-kubernetes-preserve-unknown-fields").value()))
            check.invalid(path + ".x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
        extensions(schema, path);
        boolean sound = check.errors().size() == before;
        validations.check(
                schema, path, root, sound && compiled && around.expressions, around.uncorrelated, around.times);
    }

    private void standard(View schema, String path, Surroundings around) {
        var type = schema.get("type").string();
        if (!type.isEmpty() && !TYPES.contains(type)) check.add(FieldError.notSupported(path + ".type", type, TYPES));
        if (schema.get("default").exists() && !around.noDefaults.isEmpty())
            check.forbidden(path + ".default", "must not be set " + around.noDefaults);
        for (var field : List.of("id", "patternProperties", "definitions")) {
            var value = schema.get(field);
            if (!value.string().isEmpty() || !value.map().isEmpty()) unsupported(field, path);
        }
        for (var field : List.of("additionalItems", "dependencies", "$ref"))
            if (schema.get(field).exists()) unsupported(field, path);
        if (type.equals("null"))
            check.forbidden(path + ".type", "type cannot be set to null, use nullable as an alternative");
        if (!schema.get("items").list().isEmpty())
            check.forbidden(path + ".items", "items must be a schema object and not an array");
        if (around.inMetadata && schema.get("x-kubernetes-embedded-resource").bool())
            check.forbidden(path + ".x-kubernetes-embedded-resource", "must not be used inside of resource meta");
    }

    private void unsupported(String field, String path) {
        check.forbidden(path + "." + field, field + " is not supported");
    }

    private void parts(View schema, String path, boolean root, Surroundings here) {
        var around = here.below(schema);
        var additional = schema.get("additionalProperties");
        var properties = schema.get("properties").map();
        if (additional.exists() && !properties.isEmpty() && !Boolean.TRUE.equals(additional.value()))
            check.forbidden(path + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
        if (additional.isMap())
            schema(
                    additional,
                    path + ".additionalProperties",
                    false,
                    around.inMetadata
                            ? around.withoutDefaults("inside additionalProperties applying to object metadata")
                            : around);
        boolean object = root || schema.get("x-kubernetes-embedded-resource").bool();
        properties.forEach((name, property) -> {
            var inside = around;
            if (object && OF_OBJECTS.contains(name)) {
                inside = inside.insideMetadata();
                if (root) inside = inside.withoutDefaults("in top-level " + name);
            }
            schema(View.of(property), FieldError.entry(path + ".properties", name), false, inside);
        });
        var restriction = around.withoutExpressions();
        if (schema.get("not").isMap()) schema(schema.get("not"), path + ".not", false, restriction);
        for (var junctor : List.of("allOf", "oneOf", "anyOf"))
            Check.each(
                    schema.get(junctor).views(),
                    path + "." + junctor,
                    (part, at) -> schema(part, at, false, restriction));
        schema.get("definitions")
                .map()
                .forEach((name, part) ->
                        schema(View.of(part), FieldError.entry(path + ".definitions", name), false, restriction));
        var items = schema.get("items");
        boolean keyed = schema.get("x-kubernetes-list-type").string().equals("map");
        if (items.isMap()) schema(items, path + ".items", false, keyed ? around : around.uncorrelated(path));
    }

    private void extensions(View schema, String path) {
        extension(schema, "x-kubernetes-map-type", "object", MAP_TYPES, path);
        extension(schema, "x-kubernetes-list-type", "array", LIST_TYPES, path);
        var type = schema.get("type").string();
        var list = schema.get("x-kubernetes-list-type");
        var keys = schema.get("x-kubernetes-list-map-keys").strings();
        var items = schema.get("items");
        boolean map = list.string().equals("map");
        if (list.string().equals("set") && type.equals("array") && items.isMap()) setItems(items, path);
        if (!keys.isEmpty() && !map) {
            var why = "must be map if x-kubernetes-list-map-keys is non-empty";
            if (list.exists()) check.invalid(path + ".x-kubernetes-list-type", list.string(), why);
            else check.missing(path + ".x-kubernetes-list-type", why);
        }
        if (map) {
            if (keys.isEmpty())
                check.missing(
                        path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
            if (!items.exists()) check.missing(path + ".items", "must have a schema if x-kubernetes-list-type is map");
            else if (!items.get("type").string().equals("object"))
                check.invalid(
                        path + ".items.type",
                        items.get("type").string(),
                        "must be object if parent array's x-kubernetes-list-type is map");
            else keys(items, keys, path);
        }
        if ((map || list.string().equals("set")) && items.isMap()) associated(items, list.string(), keys, path);
    }

    private void keys(View items, List<String> keys, String path) {
        var seen = new HashSet<String>();
        for (var key : keys) {
            var property = items.get("properties", key);
            var type = property.get("type").string();
            var at = path + ".x-kubernetes-list-map-keys";
            if (!property.exists()) check.invalid(at, keys, "entries must all be names of item properties");
            else if (type.equals("array") || type.equals("object"))
                check.invalid(
                        path + ".items.properties[" + key + "].type",
                        "object",
                        "must be a scalar type if parent array's x-kubernetes-list-type is map");
            if (!seen.add(key)) check.invalid(at, keys, "must not contain duplicate entries");
        }
    }

    /// Elements that are found by their keys or by themselves are there, and so are their keys.
    private void associated(View items, String list, List<String> keys, String path) {
        if (items.get("nullable").bool())
            check.forbidden(path + ".items.nullable", "cannot be nullable when x-kubernetes-list-type is " + list);
        if (!list.equals("map")) return;
        var required = items.get("required").strings();
        for (var key : keys) {
            var property = items.get("properties", key);
            if (!property.exists()) continue;
            var at = path + ".items.properties[" + key + "]";
            var why = "this property is in x-kubernetes-list-map-keys, so it ";
            if (!property.get("default").exists() && !required.contains(key))
                check.missing(at + ".default", why + "must have a default or be a required property");
            if (property.get("nullable").bool()) check.forbidden(at + ".nullable", why + "cannot be nullable");
        }
    }

    private void setItems(View items, String path) {
        var why = "must be atomic as item of a list with x-kubernetes-list-type=set";
        var list = items.get("x-kubernetes-list-type");
        var map = items.get("x-kubernetes-map-type");
        if (items.get("type").string().equals("array")
                && list.exists()
                && !list.string().equals("atomic"))
            check.invalid(path + ".items.x-kubernetes-list-type", list.string(), why);
        if (items.get("type").string().equals("object") && !map.string().equals("atomic"))
            check.invalid(path + ".items.x-kubernetes-map-type", list.value(), why);
    }

    private void extension(View schema, String name, String wanted, List<String> values, String path) {
        var extension = schema.get(name);
        if (!extension.exists()) return;
        var type = schema.get("type").string();
        var why = "must be " + wanted + " if " + name + " is specified";
        if (type.isEmpty()) check.missing(path + ".type", why);
        else if (!type.equals(wanted)) check.invalid(path + ".type", type, why);
        if (!values.contains(extension.string()))
            check.add(FieldError.notSupported(path + "." + name, extension.string(), new ArrayList<>(values)));
    }
}
