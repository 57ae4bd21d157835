package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import io.navarch.schema.types.Constraints;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.Schema.Combination;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks custom resources against the schema of their definition.
public final class StructuralValidation {
    private StructuralValidation() {}

    /// Adds an error for each violation of the schema.
    public static void validate(@Nullable Object tree, Schema schema, String path, List<FieldError> errors) {
        if (!schema.exists()) return;
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
        var allowed = constraints.enumeration();
        if (!allowed.isEmpty() && allowed.stream().noneMatch(value -> Trees.semanticEquals(value, tree))) {
            var texts = allowed.stream().map(String::valueOf).toList();
            errors.add(FieldError.notSupported(path, tree, texts));
        }
        combine(tree, schema.combination(), path, errors);
    }

    private static void combine(Object tree, Combination others, String path, List<FieldError> errors) {
        for (var part : others.allOf()) validate(tree, part, path, errors);
        if (!others.anyOf().isEmpty() && others.anyOf().stream().noneMatch(part -> fits(tree, part))) {
            errors.add(FieldError.invalid(path, tree, path + " in body must validate at least one schema (anyOf)"));
        }
        if (!others.oneOf().isEmpty()
                && others.oneOf().stream().filter(part -> fits(tree, part)).count() != 1) {
            errors.add(FieldError.invalid(path, tree, path + " in body must validate one and only one schema (oneOf)"));
        }
        if (others.not().isPresent() && fits(tree, others.not().get())) {
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
        var size = schema.constraints().properties();
        if (size.tooSmall(map.size()))
            errors.add(bounds(path, map, "have at least " + size.least().get() + " properties"));
        if (size.tooLarge(map.size()))
            errors.add(bounds(path, map, "have at most " + size.most().get() + " properties"));
        for (var entry : map.entrySet()) {
            var name = (String) entry.getKey();
            validate(entry.getValue(), schema.property(name), FieldError.join(path, name), errors);
        }
    }

    private static void validateList(List<?> list, Schema schema, String path, List<FieldError> errors) {
        var size = schema.constraints().items();
        if (size.tooSmall(list.size())) {
            errors.add(bounds(path, list.size(), "have at least " + size.least().get() + " items"));
        }
        if (size.tooLarge(list.size())) {
            errors.add(FieldError.tooMany(
                    path, list.size(), "must have at most " + size.most().get() + " items"));
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
        if (schema.constraints().uniqueItems() && new HashSet<>(list).size() != list.size()) {
            errors.add(FieldError.invalid(path, list, path + " in body shouldn't contain duplicates"));
        }
    }

    private static Map<String, Object> keyOf(Map<?, ?> element, List<String> keys) {
        var result = new LinkedHashMap<String, Object>();
        for (var key : keys) {
            if (element.containsKey(key)) result.put(key, element.get(key));
        }
        return result;
    }

    private static void validateString(String text, Schema schema, String path, List<FieldError> errors) {
        var size = schema.constraints().length();
        long length = text.codePointCount(0, text.length());
        if (size.tooSmall(length))
            errors.add(bounds(path, text, "be at least " + size.least().get() + " chars long"));
        if (size.tooLarge(length)) {
            errors.add(FieldError.tooLong(
                    path, "may not be more than " + size.most().get() + " bytes"));
        }
        var pattern = schema.constraints().pattern();
        if (pattern.isPresent() && !pattern.get().matcher(text).find()) {
            errors.add(FieldError.invalid(
                    path, text, path + " in body should match '" + pattern.get().pattern() + "'"));
        }
        if (schema.format().equals("date-time") && Timestamps.parse(text).isEmpty()) {
            errors.add(FieldError.invalid(path, text, path + " in body must be of type date-time: \"" + text + "\""));
        }
    }

    private static void validateNumber(Number number, Constraints constraints, String path, List<FieldError> errors) {
        double value = number.doubleValue();
        var range = constraints.range();
        if (range.tooSmall(value)) {
            var than = range.exclusiveMinimum() ? "greater than " : "greater than or equal to ";
            errors.add(bounds(path, number, "be " + than + range.minimum().get()));
        }
        if (range.tooLarge(value)) {
            var than = range.exclusiveMaximum() ? "less than " : "less than or equal to ";
            errors.add(bounds(path, number, "be " + than + range.maximum().get()));
        }
        constraints.multipleOf().ifPresent(multiple -> {
            double quotient = value / multiple.doubleValue();
            if (Math.abs(quotient - Math.rint(quotient)) > 1e-9) {
                errors.add(bounds(path, number, "be a multiple of " + multiple));
            }
        });
    }

    private static FieldError bounds(String path, Object value, String should) {
        return FieldError.invalid(path, value, path + " in body should " + should);
    }
}
