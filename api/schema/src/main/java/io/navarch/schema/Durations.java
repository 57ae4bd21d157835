package io.navarch.schema;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Pattern;

/// Durations as clients read them in tables, and as Go writes them.
public final class Durations {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h)");

    private Durations() {}

    /// A duration such as `1h30m` or `250ms`, or `null` when the text is none.
    public static Duration parse(String text) {
        var rest = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) return Duration.ZERO;
        var matcher = PART.matcher(rest);
        double nanos = 0;
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            end = matcher.end();
            nanos += Double.parseDouble(matcher.group(1))
                    * switch (matcher.group(2)) {
                        case "ns" -> 1;
                        case "us", "µs" -> 1e3;
                        case "ms" -> 1e6;
                        case "s" -> 1e9;
                        case "m" -> 60e9;
                        default -> 3600e9;
                    };
        }
        if (rest.isEmpty() || end != rest.length()) return null;
        return Duration.ofNanos(Math.round(text.startsWith("-") ? -nanos : nanos));
    }

    /// A duration as Go prints it: `1h30m0s`, `1.5s`, `0s`.
    public static String go(Duration duration) {
        if (duration.isZero()) return "0s";
        var sign = duration.isNegative() ? "-" : "";
        var length = duration.abs();
        if (length.compareTo(Duration.ofSeconds(1)) < 0) return sign + fraction(length.toNanos());
        var seconds = BigDecimal.valueOf(length.toNanosPart(), 9)
                .add(BigDecimal.valueOf(length.toSecondsPart()))
                .stripTrailingZeros()
                .toPlainString();
        if (length.toHours() > 0) return sign + length.toHours() + "h" + length.toMinutesPart() + "m" + seconds + "s";
        return sign + (length.toMinutes() > 0 ? length.toMinutes() + "m" : "") + seconds + "s";
    }

    private static String fraction(long nanos) {
        if (nanos < 1000) return nanos + "ns";
        boolean micro = nanos < 1_000_000;
        return BigDecimal.valueOf(nanos, micro ? 3 : 6).stripTrailingZeros().toPlainString() + (micro ? "µs" : "ms");
    }

    /// A duration as kubectl shows it: `37s`, `4m12s`, `5h`, `12d`.
    public static String human(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < -1) return "<invalid>";
        if (seconds < 0) return "0s";
        if (seconds < 120) return seconds + "s";
        long minutes = seconds / 60;
        if (minutes < 10) return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        if (minutes < 180) return minutes + "m";
        long hours = minutes / 60;
        if (hours < 8) return hours + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
        if (hours < 48) return hours + "h";
        long days = hours / 24;
        if (hours < 192) return days + "d" + (hours % 24 == 0 ? "" : hours % 24 + "h");
        if (days < 365 * 2) return days + "d";
        long years = days / 365;
        if (days < 365 * 8) return years + "y" + (days % 365 == 0 ? "" : days % 365 + "d");
        return years + "y";
    }
}
