package io.navarch.objects;

import java.math.BigDecimal;
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
        var total = BigDecimal.ZERO;
        var parts = PART.matcher(text);
        while (parts.find()) {
            if (!parts.group(1).matches(".*[0-9].*")) throw new IllegalArgumentException(invalid(text));
            var nanos = NANOS.get(parts.group(2));
            if (nanos == null)
                throw new IllegalArgumentException(
                        "time: unknown unit " + GoText.quoted(parts.group(2)) + " in duration " + GoText.quoted(text));
            total = total.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(nanos)));
        }
        if (total.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) throw new IllegalArgumentException(invalid(text));
        long nanos = total.longValue();
        return Duration.ofNanos(text.startsWith("-") ? -nanos : nanos);
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
        var number = BigDecimal.valueOf(nanos).divide(BigDecimal.valueOf(unit)).stripTrailingZeros();
        return number.signum() == 0 ? "0" : number.toPlainString();
    }
}
