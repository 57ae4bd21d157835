package io.navarch.objects;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One thing that is wrong with one field: path, type and detail in the wording of Kubernetes' `field.Error`.
///
/// @param badValue the value as it is shown, `null` where the text shows none
public record FieldError(Type type, String field, @Nullable String badValue, String detail) {
    private static final int LONGEST_PATH = 2048;

    public enum Type {
        REQUIRED("FieldValueRequired", "Required value"),
        INVALID("FieldValueInvalid", "Invalid value"),
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
        DUPLICATE("FieldValueDuplicate", "Duplicate value"),
        FORBIDDEN("FieldValueForbidden", "Forbidden"),
        NOT_FOUND("FieldValueNotFound", "Not found"),
        TOO_LONG("FieldValueTooLong", "Too long"),
        TOO_MANY("FieldValueTooMany", "Too many"),
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
        INTERNAL("InternalError", "Internal error");

        private final String reason;
        private final String text;

        Type(String reason, String text) {
            this.reason = reason;
            this.text = text;
        }
    }

    public static FieldError required(String field, String detail) {
        return new FieldError(Type.REQUIRED, field, null, detail);
    }

    public static FieldError required(String field) {
        return required(field, "");
    }

    public static FieldError invalid(String field, @Nullable Object value, String detail) {
        return new FieldError(Type.INVALID, field, show(value), detail);
    }

    /// An error that does not show the value.
    public static FieldError invalid(String field, String detail) {
        return new FieldError(Type.INVALID, field, null, detail);
    }

    public static FieldError typeInvalid(String field, @Nullable Object value, String detail) {
        return new FieldError(Type.TYPE_INVALID, field, show(value), detail);
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(Type.FORBIDDEN, field, null, detail);
    }

    public static FieldError duplicate(String field, @Nullable Object value) {
        return new FieldError(Type.DUPLICATE, field, show(value), "");
    }

    /// A duplicate that is told what it must differ in.
    public static FieldError duplicate(String field, @Nullable Object value, String detail) {
        return new FieldError(Type.DUPLICATE, field, show(value), detail);
    }

    /// What went wrong with checking itself.
    public static FieldError internal(String field, String detail) {
        return new FieldError(Type.INTERNAL, field, null, detail);
    }

    public static FieldError notFound(String field, @Nullable Object value) {
        return new FieldError(Type.NOT_FOUND, field, show(value), "");
    }

    public static FieldError tooLong(String field, String detail) {
        return new FieldError(Type.TOO_LONG, field, null, detail);
    }

    public static FieldError tooMany(String field, int size, String detail) {
        return new FieldError(Type.TOO_MANY, field, String.valueOf(size), detail);
    }

    /// @param supported told in the order of a list, or else of the alphabet
    public static FieldError notSupported(String field, @Nullable Object value, Collection<String> supported) {
        var ordered = supported instanceof List
                ? supported.stream()
                : supported.stream().sorted();
        var values = ordered.map(GoText::quoted).collect(Collectors.joining(", "));
        return new FieldError(Type.NOT_SUPPORTED, field, show(value), "supported values: " + values);
    }

    private static String show(@Nullable Object value) {
        if (value instanceof String text) return GoText.quoted(text);
        if (value instanceof Map || value instanceof Collection) return Json.writeString(value);
        return String.valueOf(value);
    }

    /// The same error of a field inside the structure at `path`.
    public FieldError below(String path) {
        var inside = field.isEmpty() ? path : field.startsWith("[") ? path + field : join(path, field);
        return new FieldError(type, inside, badValue, detail);
    }

    private String body() {
        var shown = badValue == null ? type.text : type.text + ": " + badValue;
        return detail.isEmpty() ? shown : shown + ": " + detail;
    }

    Map<String, Object> cause() {
        return Trees.map("reason", type.reason, "message", body(), "field", field);
    }

    @Override
    public String toString() {
        return field + ": " + body();
    }

    /// The path of a field inside the structure at `path`; `""` is the object itself.
    public static String join(String path, String name) {
        return path.isEmpty() ? cut(name) : below(path, "." + cut(name));
    }

    /// The path of an element of the list at `path`.
    public static String element(String path, int index) {
        return below(path, "[" + index + "]");
    }

    /// The path of what a map has at `path` under a key.
    public static String entry(String path, String key) {
        return below(path, "[" + cut(key) + "]");
    }

    /// Names of a million characters are possible in maps, with a million fields below them: nobody needs the paths of
    /// all of these.
    private static String below(String path, String step) {
        return path.length() > LONGEST_PATH ? path : path + step;
    }

    private static String cut(String name) {
        return name.length() > LONGEST_PATH ? name.substring(0, LONGEST_PATH) + "..." : name;
    }

    /// How much there is to tell.
    int length() {
        return field.length() + detail.length() + (badValue == null ? 0 : badValue.length());
    }
}
