package io.navarch.schema;

import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Walks over a tree by its schema: defaults, unknown fields, types and constraints.
public final class Structure {
    private Structure() {}

    /// Fills in the schema's defaults, also inside lists and maps that are there.
    @SuppressWarnings("unchecked")
    public static void applyDefaults(Object tree, Schema schema) {
        if (schema == null) return;
        if (tree instanceof Map<?, ?> raw) {
            var map = (Map<String, Object>) raw;
            for (var property : schema.properties().entrySet()) {
                var field = property.getValue();
                var present = map.get(property.getKey());
                boolean absent = !map.containsKey(property.getKey()) || present == null && !field.nullable();
                if (absent && field.hasDefault()) map.put(property.getKey(), Trees.copy(field.defaultValue()));
                applyDefaults(map.get(property.getKey()), field);
            }
            if (schema.additional() != null) {
                map.forEach((key, value) -> {
                    if (!schema.properties().containsKey(key)) applyDefaults(value, schema.additional());
                });
            }
            var completion = schema.resolved().completion;
            if (completion != null) completion.accept(map);
        } else if (tree instanceof List<?> list) {
            for (var element : list) applyDefaults(element, schema.items());
        }
    }

    /// Removes fields that the schema does not have and adds their paths to `unknown`.
    public static void prune(Object tree, Schema schema, String path, List<String> unknown) {
        if (schema == null) return;
        if (tree instanceof Map<?, ?> map && schema.type() == Schema.Type.OBJECT) {
            boolean open = schema.preserveUnknown() || schema.additional() != null;
            for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
                var entry = entries.next();
                var name = (String) entry.getKey();
                var property = schema.property(name);
                boolean typeMeta = schema.embeddedResource()
                        && (name.equals("apiVersion") || name.equals("kind") || name.equals("metadata"));
                if (property != null) prune(entry.getValue(), property, join(path, name), unknown);
                else if (!open && !typeMeta) {
                    unknown.add(join(path, name));
                    entries.remove();
                }
            }
        } else if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) prune(list.get(i), schema.items(), path + "[" + i + "]", unknown);
        }
    }

    /// Removes `null`s, which mean "not set" everywhere but where the schema says nullable.
    public static void dropNulls(Object tree, Schema schema) {
        if (tree instanceof Map<?, ?> map) {
            for (var entries = map.entrySet().iterator(); entries.hasNext(); ) {
                var entry = entries.next();
                var property = schema == null ? null : schema.property((String) entry.getKey());
                if (entry.getValue() == null) {
                    if (property == null || !property.nullable()) entries.remove();
                } else {
                    dropNulls(entry.getValue(), property);
                }
            }
        } else if (tree instanceof List<?> list) {
            for (var element : list) dropNulls(element, schema == null ? null : schema.items());
        }
    }

    /// The first value of a wrong type, in the words of a Go JSON decoder, or `null` when all fit. Built-in kinds are
    /// decoded into typed structs, so a wrong type is a bad request and not an invalid object.
    public static String typeError(Object tree, Schema schema, String path) {
        if (schema == null || tree == null) return null;
        if (schema.intOrString())
            return tree instanceof Map || tree instanceof List ? mismatch(tree, path, "intstr.IntOrString") : null;
        switch (schema.type()) {
            case OBJECT -> {
                if (!(tree instanceof Map<?, ?> map)) return mismatch(tree, path, "object");
                for (var entry : map.entrySet()) {
                    var name = (String) entry.getKey();
                    var error = typeError(entry.getValue(), schema.property(name), join(path, name));
                    if (error != null) return error;
                }
            }
            case ARRAY -> {
                if (!(tree instanceof List<?> list)) return mismatch(tree, path, "list");
                for (var element : list) {
                    var error = typeError(element, schema.items(), path);
                    if (error != null) return error;
                }
            }
            case STRING -> {
                return stringError(tree, schema.format(), path);
            }
            case INTEGER -> {
                return integerError(tree, schema.format(), path);
            }
            case NUMBER -> {
                if (!(tree instanceof Number)) return mismatch(tree, path, "float64");
            }
            case BOOLEAN -> {
                if (!(tree instanceof Boolean)) return mismatch(tree, path, "bool");
            }
            case ANY -> {}
        }
        return null;
    }

    private static String stringError(Object tree, String format, String path) {
        if (format.equals("quantity")) {
            if (tree instanceof Map || tree instanceof List || tree instanceof Boolean)
                return mismatch(tree, path, "resource.Quantity");
            try {
                Quantity.parse(tree);
                return null;
            } catch (IllegalArgumentException e) {
                return e.getMessage();
            }
        }
        if (!(tree instanceof String text)) return mismatch(tree, path, "string");
        if (format.equals("date-time") && Timestamps.parse(text) == null) {
            return "parsing time \"" + text + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"" + text + "\"";
        }
        if (format.equals("byte")) {
            int wrong = notBase64(text);
            if (wrong >= 0) return "illegal base64 data at input byte " + wrong;
        }
        return null;
    }

    /// Where a text stops being base64, counted as Go does; -1 when it is all right. Line ends do not matter.
    private static int notBase64(String text) {
        int inGroup = 0;
        int i = 0;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') continue;
            if (c == '=') break;
            boolean known = c < 128 && (Character.isLetterOrDigit(c) || c == '+' || c == '/');
            if (!known) return i;
            inGroup = (inGroup + 1) % 4;
        }
        if (i == text.length()) return inGroup == 0 ? -1 : i - inGroup;
        if (inGroup < 2) return i;
        var padding = text.substring(i).replaceAll("[\\r\\n]", "");
        int wanted = 4 - inGroup;
        if (padding.length() < wanted) return text.length();
        return padding.equals("=".repeat(wanted)) ? -1 : i + wanted;
    }

    private static String integerError(Object tree, String format, String path) {
        if (tree instanceof Double number && number != Math.rint(number) || !(tree instanceof Number)) {
            return mismatch(tree, path, format.isEmpty() ? "int64" : format);
        }
        if (tree instanceof Double) return mismatch(tree, path, format.isEmpty() ? "int64" : format);
        long number = ((Number) tree).longValue();
        if (format.equals("int32") && number != (int) number) return mismatch(tree, path, "int32");
        return null;
    }

    private static String mismatch(Object tree, String path, String wanted) {
        var given = switch (tree) {
            case Map<?, ?> map -> "object";
            case List<?> list -> "array";
            case String text -> "string";
            case Boolean flag -> "bool";
            case Number number -> "number " + (number instanceof Double ? number : number.longValue());
            default -> "value";
        };
        return "json: cannot unmarshal " + given + " into Go struct field " + path + " of type " + wanted;
    }

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
        return schema.intOrString() ? "integer,string" : schema.type().name().toLowerCase(java.util.Locale.ROOT);
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
            if (!map.containsKey(name)) errors.add(FieldError.required(join(path, name)));
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
            validate(entry.getValue(), schema.property(name), join(path, name), errors);
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

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
