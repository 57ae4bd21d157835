package io.navarch.objects;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// Lengths of time as configurations write them: `30s`, `1h30m`, `1.5s`.
///
/// Source: https://pkg.go.dev/time#ParseDuration
public final class GoDuration {
    private static final Pattern WHOLE = Pattern.compile("[-+]?(?:[0-9]*\\.?[0-9]*[a-zµμ]+)+");
    private static final Pattern PART = Pattern.compile("([0-9]*\\.?[0-9]*)([a-zµμ]+)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1000L,
            "µs", 1000L,
            "μs", 1000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private GoDuration() {}

    /// @throws IllegalArgumentException when it is none, in Go's words
    public static Duration parse(String text) {
        if (text.matches("[-+]?0")) return Duration.ZERO;
        if (text.length() > 64 || !WHOLE.matcher(text).matches())
            throw new IllegalArgumentException(
                    text.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)")
                            ? "time: missing unit in duration " + GoText.quoted(text)
                            : invalid(text));
        long total = 0;
        try {
            var parts = PART.matcher(text);
            while (parts.find()) total = Math.addExact(total, nanos(parts.group(1), parts.group(2), text));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(invalid(text), e);
        }
        return Duration.ofNanos(text.startsWith("-") ? -total : total);
    }

    /// Without [java.math.BigDecimal], whose tables take longer to be made than all options to be read.
    private static long nanos(String number, String name, String text) {
        int point = number.indexOf('.');
        var whole = point < 0 ? number : number.substring(0, point);
        var part = point < 0 ? "" : number.substring(point + 1);
        if (whole.isEmpty() && part.isEmpty()) throw new IllegalArgumentException(invalid(text));
        var unit = NANOS.get(name);
        if (unit == null)
            throw new IllegalArgumentException(
                    "time: unknown unit " + GoText.quoted(name) + " in duration " + GoText.quoted(text));
        long total = 0;
        for (int i = 0; i < whole.length(); i++)
            total = Math.addExact(Math.multiplyExact(total, 10L), whole.charAt(i) - '0');
        total = Math.multiplyExact(total, unit);
        // Go counts what is behind the point in floating point, and drops what is left of a nanosecond.
        long digits = 0;
        double scale = 1;
        for (int i = 0; i < part.length() && digits <= (Long.MAX_VALUE - 9) / 10; i++) {
            digits = digits * 10 + (part.charAt(i) - '0');
            scale *= 10;
        }
        return Math.addExact(total, (long) (digits * (unit / scale)));
    }

    private static String invalid(String text) {
        return "time: invalid duration " + GoText.quoted(text);
    }

    /// As Go prints it: `1h0m0s`, `1.5s`, `20ms`.
    public static String text(Duration duration) {
        if (duration.isZero()) return "0s";
        if (duration.isNegative()) return "-" + text(duration.negated());
        long nanos = duration.toNanos();
        if (nanos < 1000) return nanos + "ns";
        if (nanos < 1_000_000) return decimal(nanos, 1000) + "µs";
        if (nanos < 1_000_000_000) return decimal(nanos, 1_000_000) + "ms";
        long minutes = nanos / 60_000_000_000L;
        var seconds = decimal(nanos % 60_000_000_000L, 1_000_000_000) + "s";
        if (minutes == 0) return seconds;
        return minutes < 60 ? minutes + "m" + seconds : minutes / 60 + "h" + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long nanos, long unit) {
        var digits = String.valueOf(unit + nanos % unit).substring(1).replaceAll("0+$", "");
        return nanos / unit + (digits.isEmpty() ? "" : "." + digits);
    }
}
