package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.objects.FieldErrors;
import io.navarch.objects.Json;
import io.navarch.objects.Trees;
import io.navarch.schema.types.Constraints;
import io.navarch.schema.types.Formats;
import io.navarch.schema.types.Schema;
import io.navarch.schema.types.Schema.Combination;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks custom resources against the schema of their definition. What an update leaves as it was is not checked
/// again.
public final class StructuralValidation {
    private StructuralValidation() {}

    /// Adds an error for each violation of the schema by a value that stands for itself.
    ///
    /// @param old the value before, `null` if there is none
    public static void validate(@Nullable Object tree, @Nullable Object old, Schema schema, List<FieldError> errors) {
        validate(tree, old, schema, "", errors);
    }

    private static void validate(
            @Nullable Object tree, @Nullable Object old, Schema schema, String path, List<FieldError> errors) {
        if (!schema.exists() || old != null && Trees.semanticEquals(tree, old)) return;
        if (tree == null) {
            boolean typed = schema.intOrString() || schema.type() != Schema.Type.ANY;
            if (!schema.nullable() && typed && !path.isEmpty()) errors.add(wrongType(path, "null", schema));
            enumerated(null, schema, path, errors);
            return;
        }
        var constraints = schema.constraints();
        if (!typeFits(tree, schema)) errors.add(misfit(path, tree, schema));
        combine(tree, schema.combination(), path, errors);
        if (tree instanceof String text) validateString(text, schema, path, errors);
        if (tree instanceof Number number) {
            NumberRange.check(number, schema, path, errors);
            validateNumber(number, constraints, path, errors);
        }
        if (tree instanceof List<?> list) validateList(list, old, schema, path, errors);
        enumerated(tree, schema, path, errors);
        if (tree instanceof Map<?, ?> map) validateMap(map, old, schema, path, errors);
    }

    /// Null is never among the values that are listed, be it one of them or not.
    private static void enumerated(@Nullable Object tree, Schema schema, String path, List<FieldError> errors) {
        var allowed = schema.constraints().enumeration();
        if (allowed.isEmpty() || tree != null && allowed.stream().anyMatch(value -> Trees.semanticEquals(value, tree)))
            return;
        var texts = allowed.stream()
                .map(value -> value instanceof String text ? text : Json.writeString(value))
                .toList();
        errors.add(FieldError.notSupported(path, tree, texts));
    }

    private static FieldError wrongType(String path, String shown, Schema schema) {
        return wrongType(path, shown, typeText(schema));
    }

    private static FieldError wrongType(String path, String shown, String expected) {
        return FieldError.typeInvalid(
                path, shown, path + " in body must be of type " + expected + ": \"" + shown + "\"");
    }

    /// Where the schema has a format, what is neither text nor list is held against that.
    private static FieldError misfit(String path, Object tree, Schema schema) {
        boolean formatted = !schema.format().isEmpty() && !schema.intOrString();
        if (!formatted || tree instanceof String || tree instanceof List<?>)
            return wrongType(path, shown(tree), schema);
        var format = switch (tree) {
            case Long number -> "int64";
            case Number number -> "float64";
            default -> "";
        };
        return wrongType(path, format, schema.format());
    }

    /// What is wrong with a combination of schemas is said of the whole object.
    private static FieldError whole(String path, String must) {
        return FieldError.invalid("", "", "\"" + path + "\" must " + must);
    }

    private static void combine(Object tree, Combination others, String path, List<FieldError> errors) {
        if (!others.anyOf().isEmpty() && others.anyOf().stream().noneMatch(part -> fits(tree, part))) {
            errors.add(whole(path, "validate at least one schema (anyOf)"));
            validate(tree, null, others.anyOf().getFirst(), path, errors);
        }
        if (!others.oneOf().isEmpty()) {
            long fitting =
                    others.oneOf().stream().filter(part -> fits(tree, part)).count();
            var found = fitting == 0 ? "Found none valid" : "Found " + fitting + " valid alternatives";
            if (fitting != 1) errors.add(whole(path, "validate one and only one schema (oneOf). " + found));
            if (fitting == 0) validate(tree, null, others.oneOf().getFirst(), path, errors);
        }
        if (!others.allOf().isEmpty()) {
            long fitting =
                    others.allOf().stream().filter(part -> fits(tree, part)).count();
            for (var part : others.allOf()) validate(tree, null, part, path, errors);
            if (fitting < others.allOf().size())
                errors.add(whole(path, "validate all the schemas (allOf)" + (fitting == 0 ? ". None validated" : "")));
        }
        if (others.not().isPresent() && fits(tree, others.not().get()))
            errors.add(whole(path, "not validate the schema (not)"));
    }

    private static boolean fits(Object tree, Schema schema) {
        var errors = new FieldErrors();
        validate(tree, null, schema, "x", errors);
        return errors.isEmpty();
    }

    private static boolean typeFits(Object tree, Schema schema) {
        if (schema.intOrString()) return tree instanceof String || tree instanceof Long;
        return switch (schema.type()) {
            case OBJECT -> tree instanceof Map;
            case ARRAY -> tree instanceof List;
            case STRING -> tree instanceof String;
            case INTEGER ->
                tree instanceof Long || tree instanceof Integer || tree instanceof Double d && NumberRange.whole(d);
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

    private static void validateMap(
            Map<?, ?> map, @Nullable Object old, Schema schema, String path, List<FieldError> errors) {
        var size = schema.constraints().properties();
        if (size.tooSmall(map.size()))
            errors.add(bounds(
                    path, (long) map.size(), "have at least " + size.least().get() + " properties"));
        if (size.tooLarge(map.size()))
            errors.add(tooMany(path, map.size(), size.most().get()));
        for (var entry : map.entrySet()) {
            var name = (String) entry.getKey();
            var before = old instanceof Map<?, ?> olds ? olds.get(name) : null;
            validate(entry.getValue(), before, schema.property(name), FieldError.join(path, name), errors);
        }
        for (var name : schema.required())
            if (!map.containsKey(name)) errors.add(FieldError.required(FieldError.join(path, name)));
    }

    private static FieldError tooMany(String path, int size, long most) {
        return FieldError.tooMany(path, size, "must have at most " + most + (most == 1 ? " item" : " items"));
    }

    private static void validateList(
            List<?> list, @Nullable Object old, Schema schema, String path, List<FieldError> errors) {
        for (int i = 0; i < list.size(); i++)
            validate(
                    list.get(i), before(list.get(i), old, schema), schema.items(), FieldError.element(path, i), errors);
        var size = schema.constraints().items();
        if (size.tooSmall(list.size()))
            errors.add(bounds(
                    path, (long) list.size(), "have at least " + size.least().get() + " items"));
        if (size.tooLarge(list.size()))
            errors.add(tooMany(path, list.size(), size.most().get()));
        if (schema.constraints().uniqueItems() && new HashSet<>(list).size() != list.size())
            errors.add(FieldError.invalid(path, "", path + " in body shouldn't contain duplicates"));
    }

    /// The element with the same keys in the list before.
    private static @Nullable Object before(@Nullable Object element, @Nullable Object old, Schema schema) {
        if (schema.listType() != Schema.ListType.MAP || !(element instanceof Map<?, ?> map)) return null;
        if (!(old instanceof List<?> olds)) return null;
        var key = ListTypes.keyOf(map, schema.listKeys());
        for (var each : olds)
            if (each instanceof Map<?, ?> other
                    && ListTypes.keyOf(other, schema.listKeys()).equals(key)) return each;
        return null;
    }

    /// Of what is wrong with a text only the first is told, and its format besides.
    private static void validateString(String text, Schema schema, String path, List<FieldError> errors) {
        var size = schema.constraints().length();
        long length = text.codePointCount(0, text.length());
        var pattern = schema.constraints().pattern();
        if (size.tooLarge(length))
            errors.add(FieldError.tooLong(
                    path, "may not be more than " + size.most().get() + " bytes"));
        else if (size.tooSmall(length))
            errors.add(bounds(path, text, "be at least " + size.least().get() + " chars long"));
        else if (pattern.isPresent() && !pattern.get().matcher(text).find())
            errors.add(FieldError.invalid(
                    path, text, path + " in body should match '" + pattern.get().pattern() + "'"));
        if (!Formats.fits(schema.format(), text))
            errors.add(FieldError.typeInvalid(
                    path, text, path + " in body must be of type " + schema.format() + ": \"" + text + "\""));
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
