package io.navarch.expressions.function;

import io.navarch.expressions.value.Failure;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneRulesProvider;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Parts of times and of lengths of time.
final class Times {
    static final Map<String, Function> FUNCTIONS = Map.ofEntries(
            entry("getFullYear", ZonedDateTime::getYear, Times::none),
            entry("getMonth", time -> time.getMonthValue() - 1, Times::none),
            entry("getDayOfYear", time -> time.getDayOfYear() - 1, Times::none),
            entry("getDayOfMonth", time -> time.getDayOfMonth() - 1, Times::none),
            entry("getDate", ZonedDateTime::getDayOfMonth, Times::none),
            entry("getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7, Times::none),
            entry("getHours", ZonedDateTime::getHour, Duration::toHours),
            entry("getMinutes", ZonedDateTime::getMinute, Duration::toMinutes),
            entry("getSeconds", ZonedDateTime::getSecond, duration -> duration.toNanos() / 1_000_000_000),
            entry("getMilliseconds", time -> time.getNano() / 1_000_000, duration -> duration.toNanos() / 1_000_000));

    private static final Pattern OFFSET = Pattern.compile("([-+]?)([0-9]{1,2}):([0-9]{2})");

    private static final int MOST_HOURS = 18;

    private Times() {}

    private static Map.Entry<String, Function> entry(
            String name, ToLongFunction<ZonedDateTime> ofTime, ToLongFunction<Duration> ofDuration) {
        return Map.entry(name, (arguments, budget) -> switch (arguments[0]) {
            case OffsetDateTime time
            when arguments.length == 1 -> ofTime.applyAsLong(time.atZoneSameInstant(ZoneOffset.UTC));
            case OffsetDateTime time
            when arguments[1] instanceof String zone -> {
                var known = zone(zone);
                yield known == null
                        ? new Failure(() -> "unknown time zone " + zone)
                        : (Object) ofTime.applyAsLong(time.atZoneSameInstant(known));
            }
            case Duration duration when arguments.length == 1 -> ofDuration.applyAsLong(duration);
            default -> null;
        });
    }

    /// Lengths of time have no such part; whoever asks is told when the expression is compiled.
    private static long none(Duration duration) {
        return -1;
    }

    private static @Nullable ZoneId zone(String text) {
        if (text.isEmpty()) return ZoneOffset.UTC;
        var offset = OFFSET.matcher(text);
        if (offset.matches()) {
            int sign = offset.group(1).equals("-") ? -1 : 1;
            int hours = Integer.parseInt(offset.group(2));
            int minutes = Integer.parseInt(offset.group(3));
            return minutes > 59 || hours * 60 + minutes > MOST_HOURS * 60
                    ? null
                    : ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
        }
        return ZoneRulesProvider.getAvailableZoneIds().contains(text) ? ZoneId.of(text) : null;
    }
}
