package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Null;
import io.navarch.expressions.value.TypeName;
import io.navarch.expressions.value.UInt;
import io.navarch.expressions.value.Values;
import io.navarch.objects.GoText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Fills values into a text.
final class Formatting {
    private static final int MOST_DIGITS = 1000;

    /// So many steps the digits of a number count for.
    private static final int OF_A_NUMBER = 500;

    private final String format;
    private final Budget budget;
    private int at;

    private Formatting(String format, Budget budget) {
        this.format = format;
        this.budget = budget;
    }

    static Object format(String format, List<?> arguments, Budget budget) {
        try {
            return new Formatting(format, budget).filled(arguments);
        } catch (Wrong e) {
            return e.failure("");
        }
    }

    private String filled(List<?> arguments) {
        var text = new StringBuilder();
        int next = 0;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                text.append(c);
                continue;
            }
            if (at < format.length() && format.charAt(at) == '%') {
                at++;
                text.append('%');
                continue;
            }
            if (next >= arguments.size()) throw new Wrong("index " + next + " out of range");
            if (at >= format.length()) throw new Wrong("unexpected end of string");
            text.append(clause(Values.of(arguments.get(next++))));
            budget.steps(text.length() / 1000);
        }
        return text.toString();
    }

    private String clause(Object value) {
        int precision = precision();
        char kind = format.charAt(at++);
        try {
            return switch (kind) {
                case 's' -> string(value);
                case 'd' -> decimal(value);
                case 'f' -> fixed(value, precision, budget);
                case 'e' -> scientific(value, precision, budget);
                case 'b' -> binary(value);
                case 'x' -> hexadecimal(value);
                case 'X' -> hexadecimal(value).toUpperCase(Locale.ROOT);
                case 'o' -> octal(value);
                default ->
                    throw new Wrong(
                            "could not parse formatting clause: unrecognized formatting clause \"" + kind + "\"");
            };
        } catch (Wrong e) {
            if (e.reason().startsWith("could not parse")) throw e;
            throw new Wrong(() -> "error during formatting: " + e.reason());
        }
    }

    private int precision() {
        if (format.charAt(at) != '.') return 6;
        int start = ++at;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') at++;
        if (at >= format.length())
            throw new Wrong("could not parse formatting clause: error while parsing precision: "
                    + "could not find end of precision specifier");
        var digits = format.substring(start, at);
        if (digits.isEmpty() || digits.length() > 6)
            throw new Wrong("could not parse formatting clause: error while parsing precision: "
                    + "error while converting precision to integer: strconv.Atoi: parsing " + GoText.quoted(digits)
                    + ": invalid syntax");
        return Math.min(MOST_DIGITS, Integer.parseInt(digits));
    }

    private String string(Object value) {
        budget.step();
        return switch (value) {
            case Null _ -> "null";
            case List<?> list -> list(list);
            case Map<?, ?> map -> map(map);
            case TypeName type -> type.name();
            case Boolean _, Long _, UInt _, Double _, String _, Bytes _, OffsetDateTime _, Duration _ -> {
                if (Conversions.text(value) instanceof String text) yield text;
                throw new Wrong("could not convert argument to string");
            }
            default ->
                throw new Wrong("string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists,"
                        + " types, durations, and timestamps, was given " + Values.type(value));
        };
    }

    private String quoted(Object value) {
        var text = string(value);
        budget.grows(text.length());
        return switch (value) {
            case String _ -> GoText.quoted(text);
            case Bytes _ -> "b" + GoText.quoted(text);
            case Double number when number.isNaN() || number.isInfinite() -> GoText.quoted(text);
            default -> text;
        };
    }

    private String list(List<?> list) {
        var text = new StringBuilder("[");
        for (var element : list) {
            if (text.length() > 1) text.append(", ");
            text.append(quoted(Values.of(element)));
            budget.steps(1);
        }
        return text.append(']').toString();
    }

    private String map(Map<?, ?> map) {
        var sorted = new TreeMap<String, String>();
        map.forEach((key, value) -> sorted.put(quoted(Values.of(key)), quoted(Values.of(value))));
        var text = new StringBuilder("{");
        sorted.forEach((key, value) -> {
            if (text.length() > 1) text.append(", ");
            text.append(key).append(':').append(value);
        });
        return text.append('}').toString();
    }

    private static String decimal(Object value) {
        if (value instanceof Long || value instanceof UInt) return value.toString();
        throw new Wrong("decimal clause can only be used on integers, was given " + Values.type(value));
    }

    private static double number(Object value, String clause) {
        return switch (value) {
            case Double number -> number;
            case String text when text.equals("NaN") -> Double.NaN;
            case String text when text.equals("Infinity") -> Double.POSITIVE_INFINITY;
            case String text when text.equals("-Infinity") -> Double.NEGATIVE_INFINITY;
            default -> throw new Wrong(clause + " clause can only be used on doubles, was given " + Values.type(value));
        };
    }

    private static String special(double number) {
        return Double.isNaN(number) ? "NaN" : number > 0 ? "∞" : "-∞";
    }

    private static String fixed(Object value, int precision, Budget budget) {
        budget.steps(OF_A_NUMBER + 3L * precision);
        double number = number(value, "fixed-point");
        if (Double.isNaN(number) || Double.isInfinite(number)) return special(number);
        var exact = new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN);
        return String.format(Locale.US, "%,." + precision + "f", exact);
    }

    /// Such as `1.500000×10⁰³`.
    private static String scientific(Object value, int precision, Budget budget) {
        budget.steps(OF_A_NUMBER + 3L * precision);
        double number = number(value, "scientific");
        if (Double.isNaN(number) || Double.isInfinite(number)) return special(number);
        var text = String.format(Locale.US, "%." + precision + "e", number);
        int e = text.indexOf('e');
        var exponent = new StringBuilder();
        for (char c : text.substring(e + 1).toCharArray()) {
            if (c == '-') exponent.append('⁻');
            else if (c != '+') exponent.append("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0'));
        }
        return text.substring(0, e) + "×10" + exponent;
    }

    private static String binary(Object value) {
        return switch (value) {
            case Boolean flag -> flag ? "1" : "0";
            case Long number -> signed(number, 2);
            case UInt number -> number.number().toString(2);
            default ->
                throw new Wrong("only integers and bools can be formatted as binary, was given " + Values.type(value));
        };
    }

    private static String octal(Object value) {
        return switch (value) {
            case Long number -> signed(number, 8);
            case UInt number -> number.number().toString(8);
            default -> throw new Wrong("octal clause can only be used on integers, was given " + Values.type(value));
        };
    }

    private static String hexadecimal(Object value) {
        return switch (value) {
            case Long number -> signed(number, 16);
            case UInt number -> number.number().toString(16);
            case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
            case Bytes bytes -> HexFormat.of().formatHex(bytes.array());
            default ->
                throw new Wrong("only integers, byte buffers, and strings can be formatted as hex, was given "
                        + Values.type(value));
        };
    }

    private static String signed(long number, int radix) {
        return Long.toString(number, radix);
    }
}
