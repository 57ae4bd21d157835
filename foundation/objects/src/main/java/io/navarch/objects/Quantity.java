package io.navarch.objects;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An amount such as `500m`, `1.5Gi` or `2e3`.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
public record Quantity(BigDecimal value, Format format) implements Comparable<Quantity> {
    public enum Format {
        DECIMAL,
        BINARY,
        EXPONENT
    }

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL);
    /// The largest amount with a binary suffix; larger ones are cut to it.
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int LONGEST = 200;
    private static final int LONGEST_EXPONENT = 18;
    private static final Pattern SHAPE = Pattern.compile(
            "([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?[0-9]+)?");
    private static final String[] BINARY = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final String[] DECIMAL = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
    public static final String ERROR =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    /// Reads a quantity from a string or a number.
    ///
    /// @throws IllegalArgumentException with Kubernetes' text when it is malformed
    public static Quantity parse(@Nullable Object text) {
        var read = readOrNull(text);
        if (read == null) throw new IllegalArgumentException(ERROR);
        return read;
    }

    private static @Nullable Quantity readOrNull(@Nullable Object text) {
        var read = read(text);
        if (read == null) return null;
        var value = read.value;
        if (read.format == Format.BINARY && value.abs().compareTo(MOST) > 0)
            return new Quantity(value.signum() < 0 ? MOST.negate() : MOST, read.format);
        // The finest unit is a billionth.
        return value.scale() <= 9 ? read : new Quantity(value.setScale(9, RoundingMode.UP), read.format);
    }

    private static @Nullable Quantity read(@Nullable Object text) {
        var said = String.valueOf(text);
        // Larger numbers are told with an exponent, as they were sent.
        if (text instanceof Number) {
            var exact = new BigDecimal(said);
            if (exact.abs().compareTo(MOST) <= 0) return new Quantity(exact, Format.DECIMAL);
        }
        if (text == null || said.length() > LONGEST) return null;
        var matcher = SHAPE.matcher(said);
        if (!matcher.matches() || tooLong(matcher.group(1))) return null;
        var number = new BigDecimal(matcher.group(1));
        var suffix = matcher.group(2);
        if (suffix == null) return new Quantity(number, Format.DECIMAL);
        for (int i = 1; i < BINARY.length; i++) {
            if (BINARY[i].equals(suffix)) {
                return new Quantity(number.multiply(BigDecimal.valueOf(1L << (10 * i))), Format.BINARY);
            }
        }
        for (int i = 0; i < DECIMAL.length; i++) {
            if (DECIMAL[i].equals(suffix)) return new Quantity(number.scaleByPowerOfTen(3 * (i - 3)), Format.DECIMAL);
        }
        if (suffix.length() > LONGEST_EXPONENT) return null;
        long exponent = Long.parseLong(suffix, 1, suffix.length(), 10);
        if (exponent != (int) exponent) return null;
        // What is larger or smaller than this is so by any exponent, and nobody shall make numbers of a million digits.
        int bounded = Math.clamp(exponent, -200, 1000);
        return new Quantity(number.scaleByPowerOfTen(bounded), Format.EXPONENT);
    }

    /// The canonical text of what is read here can be read as well: it may be longer where it has no fraction any more.
    private static boolean tooLong(String number) {
        return number.length() > (number.contains(".") ? 100 : 110);
    }

    /// Reads a quantity, if the value is one.
    public static Optional<Quantity> find(@Nullable Object text) {
        return Optional.ofNullable(readOrNull(text));
    }

    public static Quantity parseOr(@Nullable Object text, Quantity fallback) {
        return find(text).orElse(fallback);
    }

    /// Whole units, rounded up.
    public long units() {
        return clamp(value.setScale(0, RoundingMode.CEILING));
    }

    /// Thousandths, rounded up.
    public long milli() {
        return clamp(value.scaleByPowerOfTen(3).setScale(0, RoundingMode.CEILING));
    }

    /// The same amount, no finer than thousandths, rounded up.
    public Quantity thousandths() {
        return value.scale() <= 3 ? this : new Quantity(value.setScale(3, RoundingMode.UP), format);
    }

    private static long clamp(BigDecimal whole) {
        if (whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) return Long.MAX_VALUE;
        if (whole.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0) return Long.MIN_VALUE;
        return whole.longValue();
    }

    public Quantity plus(Quantity other) {
        return new Quantity(value.add(other.value), value.signum() == 0 ? other.format : format);
    }

    public Quantity minus(Quantity other) {
        return new Quantity(value.subtract(other.value), format);
    }

    public boolean negative() {
        return value.signum() < 0;
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }

    /// The canonical text: no fraction, the largest suffix that keeps the number whole.
    @Override
    public String toString() {
        if (value.signum() == 0) return "0";
        if (format == Format.BINARY) {
            for (int i = BINARY.length - 1; i >= 0; i--) {
                var scaled = value.divide(BigDecimal.valueOf(1L << (10 * i)), 40, RoundingMode.HALF_UP);
                if (isWhole(scaled)) return scaled.toBigInteger() + BINARY[i];
            }
        }
        var nano = value.setScale(9, RoundingMode.UP);
        if (format == Format.EXPONENT) {
            int zeros = Math.max(0, -nano.stripTrailingZeros().scale()) / 3 * 3;
            if (zeros > 0) return nano.scaleByPowerOfTen(-zeros).toBigInteger() + "e" + zeros;
        }
        for (int i = DECIMAL.length - 1; i >= 0; i--) {
            var scaled = nano.scaleByPowerOfTen(-3 * (i - 3));
            if (isWhole(scaled)) {
                var suffix = format == Format.EXPONENT && i != 3 ? "e" + 3 * (i - 3) : DECIMAL[i];
                return scaled.toBigInteger() + suffix;
            }
        }
        return nano.toPlainString();
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }
}
