package io.navarch.apps.lifecycle;

import io.navarch.process.Options;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lengths of time as options give them and as people read them: `24h`, `1h30m`.
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})s)?");

    private Durations() {}

    public static Duration option(Options options, String name) {
        var text = options.string(name);
        var form = FORM.matcher(text);
        if (text.equals("0")) return Duration.ZERO;
        if (text.isEmpty() || !form.matches())
            throw new Options.UsageException("--" + name + " must be such as 24h or 1h30m, not " + text);
        return Duration.ofHours(number(form.group(1)))
                .plusMinutes(number(form.group(2)))
                .plusSeconds(number(form.group(3)));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /// The largest unit alone, as kubectl has it.
    static String rough(Duration length) {
        if (length.toDays() >= 2) return length.toDays() + "d";
        if (length.toHours() >= 1) return length.toHours() + "h";
        return length.toMinutes() >= 1 ? length.toMinutes() + "m" : length.toSeconds() + "s";
    }
}
