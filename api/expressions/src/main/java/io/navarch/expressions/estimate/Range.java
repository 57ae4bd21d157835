package io.navarch.expressions.estimate;

/// The least and the most of something, in 64 bits without a sign. What does not fit is the most there is.
///
/// @param least bits of a number without a sign
/// @param most bits of a number without a sign
public record Range(long least, long most) {
    /// All bits: the largest number.
    public static final long ENDLESS = -1;

    static final Range UNKNOWN = new Range(0, ENDLESS);
    static final Range NONE = of(0);
    static final Range ONE = of(1);

    static Range of(long amount) {
        return new Range(amount, amount);
    }

    Range plus(Range other) {
        return new Range(plus(least, other.least), plus(most, other.most));
    }

    Range times(Range other) {
        return new Range(times(least, other.least), times(most, other.most));
    }

    /// Rounded up.
    Range times(double factor) {
        return new Range(times(least, factor), times(most, factor));
    }

    Range union(Range other) {
        return new Range(min(least, other.least), max(most, other.most));
    }

    static long min(long one, long other) {
        return Long.compareUnsigned(one, other) < 0 ? one : other;
    }

    static long max(long one, long other) {
        return Long.compareUnsigned(one, other) > 0 ? one : other;
    }

    public static long plus(long one, long other) {
        long sum = one + other;
        return Long.compareUnsigned(sum, one) < 0 ? ENDLESS : sum;
    }

    public static long times(long one, long other) {
        return Math.unsignedMultiplyHigh(one, other) != 0 ? ENDLESS : one * other;
    }

    public static double number(long bits) {
        return bits >= 0 ? bits : (bits >>> 1 | bits & 1) * 2.0;
    }

    static long times(long amount, double factor) {
        double product = Math.ceil(number(amount) * factor);
        if (product >= 0x1p64) return ENDLESS;
        return product < 0x1p63 ? (long) product : (long) (product - 0x1p63) + Long.MIN_VALUE;
    }
}
