package io.navarch.expressions.function;

import io.navarch.expressions.value.UInt;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Numbers as texts, as Go reads and writes them.
final class Numbers {
    /// Of more digits before the point only the first is written there.
    private static final int MOST_DIGITS = 6;

    private static final int LONGEST = 1024;

    /// The largest number of 64 bits is this one with a 5 behind it.
    private static final long TENTH = Long.divideUnsigned(-1L, 10);

    private static final Pattern FLOATING = Pattern.compile("[-+]?([0-9]++\\.?[0-9]*+|\\.[0-9]++)([eE][-+]?[0-9]++)?");

    private Numbers() {}

    /// As Go's `%g`: the shortest text that reads as the same number.
    static String text(double number) {
        if (Double.isNaN(number)) return "NaN";
        if (Double.isInfinite(number)) return number > 0 ? "+Inf" : "-Inf";
        if (number == 0) return 1 / number < 0 ? "-0" : "0";
        var exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        var digits = exact.unscaledValue().abs().toString();
        int exponent = digits.length() - exact.scale() - 1;
        if (exponent >= -4 && exponent < MOST_DIGITS) return exact.toPlainString();
        var sign = number < 0 ? "-" : "";
        var fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        int size = Math.abs(exponent);
        return sign + digits.charAt(0) + fraction + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    /// A number with or without a sign, or null.
    static @Nullable Long integer(String text) {
        boolean negative = text.startsWith("-");
        var number = unsigned(negative || text.startsWith("+") ? text.substring(1) : text);
        if (number == null) return null;
        long bits = number.bits();
        if (bits < 0) return negative && bits == Long.MIN_VALUE ? (Long) bits : null;
        return negative ? -bits : bits;
    }

    /// A number without a sign, or null.
    static @Nullable UInt unsigned(String text) {
        if (text.isEmpty()) return null;
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) return null;
            long next = number * 10 + digit;
            boolean fits = Long.compareUnsigned(number, TENTH) < 0 || number == TENTH && digit <= 5;
            if (!fits) return null;
            number = next;
        }
        return new UInt(number);
    }

    /// A number with or without a point and an exponent, or null.
    static @Nullable Double floating(String text) {
        if (text.length() > LONGEST) return null;
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> {
                if (!FLOATING.matcher(text).matches()) yield null;
                double number = Double.parseDouble(text);
                yield Double.isInfinite(number) ? null : (Double) number;
            }
        };
    }
}
