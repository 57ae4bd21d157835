package io.navarch.expressions.function;

import io.navarch.expressions.value.UInt;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/// Numbers as texts, as Go reads and writes them.
final class Numbers {
    /// Of more digits before the point only the first is written there.
    private static final int MOST_DIGITS = 6;

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
        return "%s%s%se%s%02d"
                .formatted(sign, digits.substring(0, 1), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /// @throws NumberFormatException when it is none
    static UInt unsigned(String text) {
        if (!text.matches("[0-9]+")) throw new NumberFormatException(text);
        var number = new BigInteger(text);
        if (number.bitLength() > 64) throw new NumberFormatException(text);
        return new UInt(number.longValue());
    }

    /// @throws NumberFormatException when it is none
    static double floating(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> {
                if (text.length() > 1024 || !text.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?"))
                    throw new NumberFormatException(text);
                double number = Double.parseDouble(text);
                if (Double.isInfinite(number)) throw new NumberFormatException(text);
                yield number;
            }
        };
    }
}
