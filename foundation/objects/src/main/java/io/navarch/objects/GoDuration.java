package io.navarch.objects;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Lengths of time as configurations write them: `30s`, `1h30m`, `1.5s`.
///
/// Source: https://pkg.go.dev/time#ParseDuration
public final class GoDuration {
    private static final Pattern WHOLE = Pattern.compile("[-+]?+(?:[0-9]*+\\.?+[0-9]*+[a-zµμ]++)++");
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

    private static final Pattern ZERO = Pattern.compile("[-+]?0");
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)");
    private static final int LONGEST = 64;

    private GoDuration() {}

    /// @throws IllegalArgumentException when it is none, in Go's words
    public static Duration parse(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException(wrong(text)));
    }

    /// A length of time, if the text says one; what is wrong with it otherwise is not found out.
    public static Optional<Duration> find(String text) {
        if (text.length() > LONGEST || !WHOLE.matcher(text).matches())
            return ZERO.matcher(text).matches() ? Optional.of(Duration.ZERO) : Optional.empty();
        long total = 0;
        for (var parts = PART.matcher(text); parts.find(); ) {
            var unit = NANOS.get(parts.group(2));
            long part = unit == null ? -1 : nanos(parts.group(1), unit);
            total += part;
            if (part < 0 || total < 0) return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(text.startsWith("-") ? -total : total));
    }

    /// Without [java.math.BigDecimal], whose tables take longer to be made than all options to be read.
    ///
    /// @return -1 when it is no number or too large
    private static long nanos(String number, long unit) {
        int point = number.indexOf('.');
        var whole = point < 0 ? number : number.substring(0, point);
        var part = point < 0 ? "" : number.substring(point + 1);
        if (whole.isEmpty() && part.isEmpty()) return -1;
        long most = Long.MAX_VALUE / unit;
        long total = 0;
        for (int i = 0; i < whole.length(); i++) {
            if (total > most / 10) return -1;
            total = total * 10 + (whole.charAt(i) - '0');
        }
        if (total > most) return -1;
        // Go counts what is behind the point in floating point, and drops what is left of a nanosecond.
        long digits = 0;
        double scale = 1;
        for (int i = 0; i < part.length() && digits <= (Long.MAX_VALUE - 9) / 10; i++) {
            digits = digits * 10 + (part.charAt(i) - '0');
            scale *= 10;
        }
        long sum = total * unit + (long) (digits * (unit / scale));
        return sum < 0 ? -1 : sum;
    }

    private static String wrong(String text) {
        if (text.length() <= LONGEST && WHOLE.matcher(text).matches())
            for (var parts = PART.matcher(text); parts.find(); )
                if (!parts.group(1).isEmpty() && !parts.group(1).equals(".") && !NANOS.containsKey(parts.group(2)))
                    return "time: unknown unit " + GoText.quoted(parts.group(2)) + " in duration "
                            + GoText.quoted(text);
        return NUMBER.matcher(text).matches() ? "time: missing unit in duration " + GoText.quoted(text) : invalid(text);
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
