package io.navarch.kinds.cronjob;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    private static final Map<String, String> SHORT = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    private static final String EVERY = "@every ";
    private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Double> UNITS =
            Map.of("h", 3600e9, "m", 60e9, "s", 1e9, "ms", 1e6, "us", 1e3, "µs", 1e3, "ns", 1.0);

    /// Go's durations are not longer.
    private static final long LONGEST_SECONDS = Long.MAX_VALUE / 1_000_000_000;

    /// An impossible date such as the 30th of February is given up after so many years.
    private static final int YEARS = 5;

    private final List<BitSet> fields = new ArrayList<>();
    /// Days of the month and of the week both restrict, or one of them is enough.
    private boolean anyDay;

    private boolean anyWeekday;
    /// The period of an `@every` schedule, which has no fields; `null` for all the others.
    private final @Nullable Duration every;
    private final ZoneId zone;

    private CronSchedule(@Nullable Duration every, ZoneId zone) {
        this.every = every;
        this.zone = zone;
    }

    /// @param zone where the schedule's hours are meant, unless it names a `TZ=` itself
    /// @throws IllegalArgumentException when it is no schedule
    public static CronSchedule of(String schedule, ZoneId zone) {
        error(schedule).ifPresent(text -> {
            throw new IllegalArgumentException(text);
        });
        var own = Pattern.compile("^(?:CRON_)?TZ=(\\S+)\\s+").matcher(schedule);
        if (own.find()) return of(schedule.substring(own.end()), ZoneId.of(own.group(1)));
        if (schedule.startsWith(EVERY)) return new CronSchedule(duration(schedule.substring(EVERY.length())), zone);
        var result = new CronSchedule(null, zone);
        var parts = SHORT.getOrDefault(schedule.strip(), schedule).strip().split("\\s+");
        for (int i = 0; i < 5; i++) result.fields.add(bits(parts[i], FIELDS.get(i)));
        result.anyDay = parts[2].startsWith("*") || parts[2].startsWith("?");
        result.anyWeekday = parts[4].startsWith("*") || parts[4].startsWith("?");
        return result;
    }

    /// A text such as `1h30m`; empty when it is none. There may be many parts: no pattern is asked, which would need
    /// stack for each.
    private static OptionalDouble nanos(String text) {
        var part = DURATION.matcher(text);
        double nanos = 0;
        int at = 0;
        while (at < text.length()) {
            if (!part.region(at, text.length()).lookingAt()) return OptionalDouble.empty();
            nanos += Double.parseDouble(part.group(1)) * UNITS.getOrDefault(part.group(2), 0.0);
            at = part.end();
        }
        return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(nanos);
    }

    private static Duration duration(String text) {
        return Duration.ofSeconds(Math.clamp((long) (nanos(text).orElse(0) / 1e9), 1, LONGEST_SECONDS));
    }

    private static BitSet bits(String text, Field field) {
        var result = new BitSet();
        for (var range : text.split(",")) {
            var steps = range.split("/");
            int step = steps.length == 2 ? Integer.parseInt(steps[1]) : 1;
            boolean all = steps[0].equals("*") || steps[0].equals("?");
            var ends = steps[0].split("-");
            int first = all ? field.least : number(ends[0], field);
            int last = all || ends.length == 1 && steps.length == 2 ? field.most : number(ends[ends.length - 1], field);
            for (int value = first; value <= last; value += step) result.set(value);
        }
        return result;
    }

    /// The next time after `from`; empty when there is none in the next years.
    public Optional<Instant> next(Instant from) {
        if (every != null)
            return Optional.of(from.truncatedTo(ChronoUnit.SECONDS).plus(every));
        var time = from.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        var end = time.plusYears(YEARS);
        while (time.isBefore(end)) {
            if (!fields.get(3).get(time.getMonthValue()))
                time = time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
            else if (!day(time)) time = time.toLocalDate().plusDays(1).atStartOfDay(zone);
            else if (!fields.get(1).get(time.getHour()))
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            else if (!fields.get(0).get(time.getMinute())) time = time.plusMinutes(1);
            else return Optional.of(time.toInstant());
        }
        return Optional.empty();
    }

    private boolean day(ZonedDateTime time) {
        boolean ofMonth = fields.get(2).get(time.getDayOfMonth());
        boolean ofWeek = fields.get(4).get(time.getDayOfWeek().getValue() % 7);
        return anyDay || anyWeekday ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    /// What is wrong with a schedule, if anything.
    public static Optional<String> error(String schedule) {
        var text = schedule.replaceFirst("^(CRON_)?TZ=\\S+\\s+", "");
        if (text.startsWith("@")) {
            if (NICKNAMES.contains(text)) return Optional.empty();
            if (text.startsWith(EVERY) && nanos(text.substring(EVERY.length())).isPresent()) return Optional.empty();
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
                if (!wrong.isEmpty()) return Optional.of(wrong);
            }
        }
        return Optional.empty();
    }

    /// `""` when nothing is wrong with it.
    private static String rangeError(String text, Field field) {
        var steps = text.split("/", -1);
        if (steps.length > 2) return "too many slashes: " + text;
        if (steps.length == 2) {
            if (!steps[1].matches("[0-9]{1,9}"))
                return "failed to parse int from " + steps[1] + ": strconv.Atoi: parsing \"" + steps[1]
                        + "\": invalid syntax";
            if (Integer.parseInt(steps[1]) == 0) return "step of range should be a positive number: " + text;
        }
        if (steps[0].equals("*") || steps[0].equals("?")) return "";
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
        return "";
    }

    private static int number(String text, Field field) {
        int name = field.names.indexOf(text.toLowerCase(Locale.ROOT));
        if (name >= 0) return name + field.least;
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }
}
