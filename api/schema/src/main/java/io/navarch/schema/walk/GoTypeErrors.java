package io.navarch.schema.walk;

import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.objects.Timestamps;
import io.navarch.schema.types.Schema;
import java.util.List;
import java.util.Map;

/// Values of a type that their field cannot hold, in the words of the Go decoder that clients know.
public final class GoTypeErrors {
    private GoTypeErrors() {}

    /// The first value of a wrong type, in the words of a Go JSON decoder, or `null` when all fit. Built-in kinds are
    /// decoded into typed structs, so a wrong type is a bad request and not an invalid object.
    public static String find(Object tree, Schema schema, String path) {
        if (schema == null || tree == null) return null;
        if (schema.intOrString())
            return tree instanceof Map || tree instanceof List ? mismatch(tree, path, "intstr.IntOrString") : null;
        switch (schema.type()) {
            case OBJECT -> {
                if (!(tree instanceof Map<?, ?> map)) return mismatch(tree, path, "object");
                for (var entry : map.entrySet()) {
                    var name = (String) entry.getKey();
                    var error = find(entry.getValue(), schema.property(name), FieldError.join(path, name));
                    if (error != null) return error;
                }
            }
            case ARRAY -> {
                if (!(tree instanceof List<?> list)) return mismatch(tree, path, "list");
                for (var element : list) {
                    var error = find(element, schema.items(), path);
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
}
