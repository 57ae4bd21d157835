package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.schema.types.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Checks custom resources against the schema of their definition.
public final class StructuralValidation {
    private StructuralValidation() {}

    /// Everything about a custom resource that breaks its schema.
    public static void validate(Object tree, Schema schema, String path, List<FieldError> errors) {
        if (schema == null) return;
        if (tree == null) {
            if (!schema.nullable() && schema.type() != Schema.Type.ANY && !path.isEmpty()) {
                errors.add(FieldError.typeInvalid(
                        path, "null", path + " in body must be of type " + typeText(schema) + ": \"null\""));
            }
            return;
        }
        var constraints = schema.constraints();
        if (!typeFits(tree, schema)) {
            errors.add(FieldError.typeInvalid(
                    path,
                    shown(tree),
                    path + " in body must be of type " + typeText(schema) + ": \"" + shown(tree) + "\""));
            return;
        }
        if (tree instanceof Map<?, ?> map) validateMap(map, schema, path, errors);
        if (tree instanceof List<?> list) validateList(list, schema, path, errors);
        if (tree instanceof String text) validateString(text, schema, path, errors);
        if (tree instanceof Number number) validateNumber(number, constraints, path, errors);
        if (constraints.enumeration() != null
                && constraints.enumeration().stream().noneMatch(allowed -> Trees.semanticEquals(allowed, tree))) {
            errors.add(FieldError.notSupported(
                    path,
                    tree,
                    constraints.enumeration().stream().map(String::valueOf).toList()));
        }
        combine(tree, constraints, path, errors);
    }

    private static void combine(Object tree, Schema.Constraints constraints, String path, List<FieldError> errors) {
        for (var part : constraints.allOf()) validate(tree, part, path, errors);
        if (!constraints.anyOf().isEmpty() && constraints.anyOf().stream().noneMatch(part -> fits(tree, part))) {
            errors.add(FieldError.invalid(path, tree, path + " in body must validate at least one schema (anyOf)"));
        }
        if (!constraints.oneOf().isEmpty()
                && constraints.oneOf().stream().filter(part -> fits(tree, part)).count() != 1) {
            errors.add(FieldError.invalid(path, tree, path + " in body must validate one and only one schema (oneOf)"));
        }
        if (constraints.not() != null && fits(tree, constraints.not())) {
            errors.add(FieldError.invalid(path, tree, path + " in body must not validate the schema (not)"));
        }
    }

    private static boolean fits(Object tree, Schema schema) {
        var errors = new ArrayList<FieldError>();
        validate(tree, schema, "x", errors);
        return errors.isEmpty();
    }

    private static boolean typeFits(Object tree, Schema schema) {
        if (schema.intOrString()) return tree instanceof String || tree instanceof Long;
        return switch (schema.type()) {
            case OBJECT -> tree instanceof Map;
            case ARRAY -> tree instanceof List;
            case STRING -> tree instanceof String;
            case INTEGER ->
                tree instanceof Long || tree instanceof Integer || tree instanceof Double d && d == Math.rint(d);
            case NUMBER -> tree instanceof Number;
            case BOOLEAN -> tree instanceof Boolean;
            case ANY -> true;
        };
    }

    private static String typeText(Schema schema) {
        return schema.intOrString() ? "integer,string" : schema.type().name().toLowerCase(Locale.ROOT);
    }

    private static String shown(Object tree) {
        return switch (tree) {
            case Map<?, ?> map -> "object";
            case List<?> list -> "array";
            case String text -> "string";
            case Boolean flag -> "boolean";
            case Long number -> "integer";
            default -> "number";
        };
    }

    private static void validateMap(Map<?, ?> map, Schema schema, String path, List<FieldError> errors) {
        for (var name : schema.required()) {
            if (!map.containsKey(name)) errors.add(FieldError.required(FieldError.join(path, name)));
        }
        var constraints = schema.constraints();
        if (constraints.minProperties() != null && map.size() < constraints.minProperties()) {
            errors.add(FieldError.invalid(
                    path, map, path + " in body should have at least " + constraints.minProperties() + " properties"));
        }
        if (constraints.maxProperties() != null && map.size() > constraints.maxProperties()) {
            errors.add(FieldError.invalid(
                    path, map, path + " in body should have at most " + constraints.maxProperties() + " properties"));
        }
        for (var entry : map.entrySet()) {
            var name = (String) entry.getKey();
            validate(entry.getValue(), schema.property(name), FieldError.join(path, name), errors);
        }
    }

    private static void validateList(List<?> list, Schema schema, String path, List<FieldError> errors) {
        var constraints = schema.constraints();
        if (constraints.minItems() != null && list.size() < constraints.minItems()) {
            errors.add(FieldError.invalid(
                    path, list.size(), path + " in body should have at least " + constraints.minItems() + " items"));
        }
        if (constraints.maxItems() != null && list.size() > constraints.maxItems()) {
            errors.add(new FieldError(
                    FieldError.Type.TOO_MANY,
                    path,
                    String.valueOf(list.size()),
                    "must have at most " + constraints.maxItems() + " items"));
        }
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            var element = list.get(i);
            validate(element, schema.items(), path + "[" + i + "]", errors);
            var key = schema.listType() == Schema.ListType.MAP && element instanceof Map<?, ?> map
                    ? keyOf(map, schema.listKeys())
                    : element;
            if (schema.listType() != Schema.ListType.ATOMIC && !seen.add(key)) {
                errors.add(FieldError.duplicate(path + "[" + i + "]", key));
            }
        }
        if (constraints.uniqueItems() && new HashSet<>(list).size() != list.size()) {
            errors.add(FieldError.invalid(path, list, path + " in body shouldn't contain duplicates"));
        }
    }

    static Map<String, Object> keyOf(Map<?, ?> element, List<String> keys) {
        var result = new LinkedHashMap<String, Object>();
        for (var key : keys) if (element.containsKey(key)) result.put(key, element.get(key));
        return result;
    }

    private static void validateString(String text, Schema schema, String path, List<FieldError> errors) {
        var constraints = schema.constraints();
        if (constraints.minLength() != null && text.codePointCount(0, text.length()) < constraints.minLength()) {
            errors.add(FieldError.invalid(
                    path, text, path + " in body should be at least " + constraints.minLength() + " chars long"));
        }
        if (constraints.maxLength() != null && text.codePointCount(0, text.length()) > constraints.maxLength()) {
            errors.add(FieldError.tooLong(path, "may not be more than " + constraints.maxLength() + " bytes"));
        }
        if (constraints.pattern() != null
                && !Pattern.compile(constraints.pattern()).matcher(text).find()) {
            errors.add(FieldError.invalid(path, text, path + " in body should match '" + constraints.pattern() + "'"));
        }
        if (schema.format().equals("date-time") && Timestamps.parse(text) == null) {
            errors.add(FieldError.invalid(path, text, path + " in body must be of type date-time: \"" + text + "\""));
        }
    }

    private static void validateNumber(
            Number number, Schema.Constraints constraints, String path, List<FieldError> errors) {
        double value = number.doubleValue();
        var minimum = constraints.minimum();
        if (minimum != null
                && (value < minimum.doubleValue()
                        || constraints.exclusiveMinimum() && value == minimum.doubleValue())) {
            errors.add(FieldError.invalid(
                    path,
                    number,
                    path + " in body should be greater than " + (constraints.exclusiveMinimum() ? "" : "or equal to ")
                            + minimum));
        }
        var maximum = constraints.maximum();
        if (maximum != null
                && (value > maximum.doubleValue()
                        || constraints.exclusiveMaximum() && value == maximum.doubleValue())) {
            errors.add(FieldError.invalid(
                    path,
                    number,
                    path + " in body should be less than " + (constraints.exclusiveMaximum() ? "" : "or equal to ")
                            + maximum));
        }
        var multiple = constraints.multipleOf();
        if (multiple != null
                && Math.abs(value / multiple.doubleValue() - Math.rint(value / multiple.doubleValue())) > 1e-9) {
            errors.add(FieldError.invalid(path, number, path + " in body should be a multiple of " + multiple));
        }
    }
}
