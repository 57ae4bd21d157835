package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds values whose type does not fit their field, and says so in the words of Go's decoder.
public final class GoTypeErrors {
    private GoTypeErrors() {}

    /// The first value of a wrong type. Built-in kinds are decoded into typed structs, so it makes the request a bad
    /// one
    /// rather than the object an invalid one.
    public static Optional<String> find(@Nullable Object tree, Schema schema, String path) {
        if (tree == null) return Optional.empty();
        if (schema.intOrString()) {
            boolean wrong = tree instanceof Map || tree instanceof List;
            return wrong ? mismatch(tree, path, "intstr.IntOrString") : Optional.empty();
        }
        return switch (schema.type()) {
            case OBJECT -> tree instanceof Map<?, ?> map ? inMap(map, schema, path) : mismatch(tree, path, "object");
            case ARRAY -> tree instanceof List<?> list ? inList(list, schema, path) : mismatch(tree, path, "list");
            case STRING -> stringError(tree, schema.format(), path);
            case INTEGER -> integerError(tree, schema.format(), path);
            case NUMBER -> tree instanceof Number ? Optional.empty() : mismatch(tree, path, "float64");
            case BOOLEAN -> tree instanceof Boolean ? Optional.empty() : mismatch(tree, path, "bool");
            case ANY -> Optional.empty();
        };
    }

    private static Optional<String> inMap(Map<?, ?> map, Schema schema, String path) {
        for (var entry : map.entrySet()) {
            var name = (String) entry.getKey();
            var error = find(entry.getValue(), schema.property(name), FieldError.join(path, name));
            if (error.isPresent()) return error;
        }
        return Optional.empty();
    }

    private static Optional<String> inList(List<?> list, Schema schema, String path) {
        for (var element : list) {
            var error = find(element, schema.items(), path);
            if (error.isPresent()) return error;
        }
        return Optional.empty();
    }

    private static Optional<String> stringError(Object tree, String format, String path) {
        if (format.equals("quantity")) return quantityError(tree, path);
        if (!(tree instanceof String text)) return mismatch(tree, path, "string");
        if (format.equals("date-time") && Timestamps.parse(text).isEmpty()) {
            return Optional.of(
                    "parsing time \"" + text + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"" + text + "\"");
        }
        int wrong = format.equals("byte") ? notBase64(text) : -1;
        return wrong < 0 ? Optional.empty() : Optional.of("illegal base64 data at input byte " + wrong);
    }

    private static Optional<String> quantityError(Object tree, String path) {
        if (tree instanceof Map || tree instanceof List || tree instanceof Boolean) {
            return mismatch(tree, path, "resource.Quantity");
        }
        try {
            Quantity.parse(tree);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /// The index at which Go rejects a text as base64, or -1. Line breaks are ignored.
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

    private static Optional<String> integerError(Object tree, String format, String path) {
        boolean whole = tree instanceof Number && !(tree instanceof Double);
        if (!whole) return mismatch(tree, path, format.isEmpty() ? "int64" : format);
        long number = ((Number) tree).longValue();
        return format.equals("int32") && number != (int) number ? mismatch(tree, path, "int32") : Optional.empty();
    }

    private static Optional<String> mismatch(Object tree, String path, String wanted) {
        var given = switch (tree) {
            case Map<?, ?> map -> "object";
            case List<?> list -> "array";
            case String text -> "string";
            case Boolean flag -> "bool";
            case Number number -> "number " + (number instanceof Double ? number : number.longValue());
            default -> "value";
        };
        return Optional.of("json: cannot unmarshal " + given + " into Go struct field " + path + " of type " + wanted);
    }
}
