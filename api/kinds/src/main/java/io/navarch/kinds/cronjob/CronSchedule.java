package io.navarch.kinds.cronjob;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The five fields of a cron schedule, or one of its nicknames.
///
/// Source: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
public final class CronSchedule {
    private static final Set<String> NICKNAMES =
            Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private record Field(int least, int most, List<String> names) {}

    private static final List<Field> FIELDS = List.of(
            new Field(0, 59, List.of()),
            new Field(0, 23, List.of()),
            new Field(1, 31, List.of()),
            new Field(1, 12, MONTHS),
            new Field(0, 6, DAYS));

    private CronSchedule() {}

    /// What is wrong with a schedule, if anything.
    public static Optional<String> error(String schedule) {
        var text = schedule.replaceFirst("^(CRON_)?TZ=\\S+\\s+", "");
        if (text.startsWith("@")) {
            if (NICKNAMES.contains(text)) return Optional.empty();
            if (text.matches("@every ([0-9.]+(ns|us|µs|ms|s|m|h))+")) return Optional.empty();
            return Optional.of("unrecognized descriptor: " + text);
        }
        var parts = text.strip().split("\\s+");
        if (parts.length != 5) {
            return Optional.of(
                    "expected exactly 5 fields, found " + parts.length + ": [" + String.join(" ", parts) + "]");
        }
        for (int i = 0; i < 5; i++) {
            for (var range : parts[i].split(",", -1)) {
                var wrong = rangeError(range, FIELDS.get(i));
                if (wrong != null) return Optional.of(wrong);
            }
        }
        return Optional.empty();
    }

    private static String rangeError(String text, Field field) {
        var steps = text.split("/", -1);
        if (steps.length > 2) return "too many slashes: " + text;
        if (steps.length == 2) {
            if (!steps[1].matches("[0-9]{1,9}"))
                return "failed to parse int from " + steps[1] + ": strconv.Atoi: parsing \"" + steps[1]
                        + "\": invalid syntax";
            if (Integer.parseInt(steps[1]) == 0) return "step of range should be a positive number: " + text;
        }
        if (steps[0].equals("*") || steps[0].equals("?")) return null;
        var ends = steps[0].split("-", -1);
        if (ends.length > 2) return "too many hyphens: " + text;
        int start = number(ends[0], field);
        int end = ends.length == 2 ? number(ends[1], field) : start;
        for (int i = 0; i < ends.length; i++) {
            if (number(ends[i], field) < 0)
                return "failed to parse int from " + ends[i] + ": strconv.Atoi: parsing \"" + ends[i]
                        + "\": invalid syntax";
        }
        if (start < field.least)
            return "beginning of range (" + start + ") below minimum (" + field.least + "): " + text;
        if (end > field.most) return "end of range (" + end + ") above maximum (" + field.most + "): " + text;
        if (start > end) return "beginning of range (" + start + ") beyond end of range (" + end + "): " + text;
        return null;
    }

    private static int number(String text, Field field) {
        int name = field.names.indexOf(text.toLowerCase(Locale.ROOT));
        if (name >= 0) return name + field.least;
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
}
