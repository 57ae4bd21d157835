package io.navarch.objects;

import org.jspecify.annotations.Nullable;

/// A field that is a number, a share such as `25%`, or a name (`IntOrString`).
///
/// @param value a `Number`, a `String`, or `null` when the field is absent
public record IntOrString(@Nullable Object value) {
    public static IntOrString of(long number) {
        return new IntOrString(number);
    }

    public static IntOrString of(String text) {
        return new IntOrString(text);
    }

    public boolean exists() {
        return value != null;
    }

    public boolean isNumber() {
        return value instanceof Number;
    }

    public boolean isText() {
        return value instanceof String;
    }

    /// The number, 0 when it is none.
    public int number() {
        return value instanceof Number number ? number.intValue() : 0;
    }

    /// As it is written, `""` when absent.
    public String text() {
        return value == null ? "" : value.toString();
    }

    /// The number itself, or the share of a whole; 0 when it is neither.
    ///
    /// @param up whether a share is rounded up
    public int scaled(long total, boolean up) {
        if (!(value instanceof String text)) return number();
        try {
            double share = Integer.parseInt(text.replace("%", "")) / 100.0 * total;
            return (int) (up ? Math.ceil(share) : Math.floor(share));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
