package io.navarch.objects;

import java.time.Duration;
import java.time.Instant;

/// Durations as tables show them.
public final class Durations {
    private Durations() {}

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

    /// How long ago a time was, as kubectl shows it.
    ///
    /// @param timestamp as it is written in an object
    public static String since(String timestamp, Instant now) {
        return Timestamps.parse(timestamp)
                .map(then -> human(Duration.between(then, now)))
                .orElse("<unknown>");
    }
}
