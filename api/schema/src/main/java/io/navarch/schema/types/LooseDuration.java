package io.navarch.schema.types;

import com.google.re2j.Pattern;
import io.navarch.objects.GoDuration;
import java.util.List;
import java.util.Locale;

/// Lengths of time as schemas know them: those of Go, and whatever has a number and a unit somewhere.
final class LooseDuration {
    private static final Pattern PART = Pattern.compile("([0-9]+)\\s*([A-Za-zµ]+)");

    /// The names of each unit; what begins with the last is the unit as well.
    private static final List<List<String>> UNITS = List.of(
            List.of("ns", "nano"),
            List.of("us", "µs", "micro"),
            List.of("ms", "milli"),
            List.of("s", "sec"),
            List.of("m", "min"),
            List.of("h", "hr", "hour"),
            List.of("d", "day"),
            List.of("w", "wk", "week"));

    private LooseDuration() {}

    static boolean fits(String text) {
        return ofGo(text) || loose(text);
    }

    private static boolean ofGo(String text) {
        try {
            GoDuration.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean loose(String text) {
        boolean found = false;
        var parts = PART.matcher(text);
        while (parts.find()) {
            try {
                Long.parseLong(parts.group(1));
            } catch (NumberFormatException e) {
                return false;
            }
            found |= unit(parts.group(2).toLowerCase(Locale.ROOT));
        }
        return found;
    }

    private static boolean unit(String name) {
        return UNITS.stream().anyMatch(names -> names.contains(name) || name.startsWith(names.getLast()));
    }
}
