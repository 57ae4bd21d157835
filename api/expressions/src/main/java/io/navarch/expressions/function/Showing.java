package io.navarch.expressions.function;

import io.navarch.expressions.value.Null;
import io.navarch.expressions.value.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Values as messages show them.
public final class Showing {
    /// Of what is in lists of lists so much is shown.
    private static final int MOST = 1000;

    private static final String MORE = "...";

    private int left = MOST;

    private Showing() {}

    public static String of(Object value) {
        return new Showing().show(value);
    }

    private String show(Object value) {
        if (left-- <= 0) return MORE;
        return switch (value) {
            case Null _ -> "null";
            case List<?> list ->
                list.stream()
                        .takeWhile(each -> left > 0)
                        .map(each -> show(Values.of(each)))
                        .collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .takeWhile(entry -> left > 0)
                        .map(entry -> show(Values.of(entry.getKey())) + ": " + show(Values.of(entry.getValue())))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Optional<?> optional ->
                optional.map(each -> "optional(" + show(each) + ")").orElse("optional.none()");
            default -> Conversions.text(value) instanceof String text ? text : value.toString();
        };
    }
}
