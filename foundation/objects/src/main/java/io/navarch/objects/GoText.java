package io.navarch.objects;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values as Go's `%v` prints them; some messages of the API contain such text.
public final class GoText {
    private static final HexFormat HEX = HexFormat.of();

    private GoText() {}

    public static String of(@Nullable Object tree) {
        return switch (tree) {
            case null -> "<nil>";
            case List<?> list ->
                "[" + String.join(" ", list.stream().map(GoText::of).toList()) + "]";
            case Map<?, ?> map ->
                "map["
                        + String.join(
                                " ",
                                map.entrySet().stream()
                                        .map(entry -> entry.getKey() + ":" + of(entry.getValue()))
                                        .sorted()
                                        .toList())
                        + "]";
            default -> String.valueOf(tree);
        };
    }

    /// A value as Go's `%#v` prints it inside another one.
    public static String literal(@Nullable Object tree) {
        return switch (tree) {
            case null -> "interface {}(nil)";
            case List<?> list ->
                "[]interface {}{"
                        + String.join(", ", list.stream().map(GoText::literal).toList()) + "}";
            case Map<?, ?> map ->
                "map[string]interface {}{"
                        + String.join(
                                ", ",
                                map.entrySet().stream()
                                        .map(entry -> quoted(String.valueOf(entry.getKey())) + ":"
                                                + literal(entry.getValue()))
                                        .sorted()
                                        .toList())
                        + "}";
            case String text -> quoted(text);
            default -> String.valueOf(tree);
        };
    }

    /// A text as Go's `%q` prints it.
    public static String quoted(String text) {
        var result = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> result.append("\\\"");
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                case '\b' -> result.append("\\b");
                case '\f' -> result.append("\\f");
                case 7 -> result.append("\\a");
                case 11 -> result.append("\\v");
                default -> {
                    if (c < ' ' || c == 0x7f) result.append("\\x").append(HEX.toHexDigits((byte) c));
                    else if (Character.isISOControl(c)) result.append("\\u").append(HEX.toHexDigits((char) c));
                    else result.appendCodePoint(c);
                }
            }
        });
        return result.append('"').toString();
    }

    /// The Go type that a decoded JSON value has.
    public static String type(@Nullable Object tree) {
        return switch (tree) {
            case null -> "%!s(<nil>)";
            case List<?> list -> "[]interface {}";
            case Map<?, ?> map -> "map[string]interface {}";
            case String text -> "string";
            case Boolean flag -> "bool";
            case Long number -> "int64";
            default -> "float64";
        };
    }

    /// The kind of a JSON value in the words of Go's decoder.
    public static String kind(@Nullable Object value) {
        return switch (value) {
            case List<?> list -> "array";
            case Map<?, ?> map -> "object";
            case String text -> "string";
            case Boolean flag -> "bool";
            case null, default -> "number";
        };
    }
}
