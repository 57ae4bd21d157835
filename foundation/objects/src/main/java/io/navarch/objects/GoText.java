package io.navarch.objects;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values as Go's `%v` prints them; some messages of the API contain such text.
public final class GoText {
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
