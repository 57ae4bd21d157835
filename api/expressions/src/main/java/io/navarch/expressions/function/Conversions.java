package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.TypeName;
import io.navarch.expressions.value.UInt;
import io.navarch.expressions.value.Values;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Utf8;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// From one type to another.
public final class Conversions {
    static final Map<String, Function> FUNCTIONS = Map.of(
            "int", (arguments, budget) -> integer(arguments[0]),
            "uint", (arguments, budget) -> unsigned(arguments[0]),
            "double", (arguments, budget) -> floating(arguments[0]),
            "string", (arguments, budget) -> text(arguments[0], budget),
            "bytes", (arguments, budget) -> bytes(arguments[0]),
            "bool", (arguments, budget) -> flag(arguments[0]),
            "timestamp", (arguments, budget) -> time(arguments[0]),
            "duration", (arguments, budget) -> duration(arguments[0]),
            "type", (arguments, budget) -> new TypeName(Values.type(arguments[0])),
            "dyn", (arguments, budget) -> arguments[0]);

    private static final Failure INT = new Failure("integer overflow");
    private static final Failure UINT = new Failure("unsigned integer overflow");

    private static final Pattern TIME =
            Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
                    + "(?:[.,]([0-9]{1,9})[0-9]{0,64})?(?:Z|([-+])([0-9]{2}):([0-9]{2}))");
    private static final int LONGEST_TIME = 100;
    private static final int OF_AN_ERROR = 1000;
    private static final int MOST_HOURS = 18;

    private Conversions() {}

    private static Failure wrong(Object value, String wanted) {
        return new Failure("type conversion error from '" + Values.type(value) + "' to '" + wanted + "'");
    }

    private static @Nullable Object integer(Object value) {
        return switch (value) {
            case Long _ -> value;
            case UInt number -> number.bits() < 0 ? INT : (Object) number.bits();
            case Double number ->
                number.isNaN() || number <= -0x1p63 || number >= 0x1p63 ? INT : (Object) number.longValue();
            case String text -> orWrong(Numbers.integer(text), value, "int");
            case OffsetDateTime time -> time.toEpochSecond();
            case Duration duration -> duration.toNanos();
            default -> null;
        };
    }

    private static Object orWrong(@Nullable Object read, Object value, String wanted) {
        return read == null ? wrong(value, wanted) : read;
    }

    private static @Nullable Object unsigned(Object value) {
        return switch (value) {
            case UInt _ -> value;
            case Long number -> number < 0 ? UINT : new UInt(number);
            case Double number ->
                number.isNaN() || number < 0 || number >= 0x1p64
                        ? UINT
                        : new UInt(number < 0x1p63 ? number.longValue() : (long) (number - 0x1p63) + Long.MIN_VALUE);
            case String text -> orWrong(Numbers.unsigned(text), value, "uint");
            default -> null;
        };
    }

    private static @Nullable Object floating(Object value) {
        return switch (value) {
            case Double _ -> value;
            case Long number -> (double) number;
            case UInt number -> number.asDouble();
            case String text -> orWrong(Numbers.floating(text), value, "double");
            default -> null;
        };
    }

    /// Bytes that are no text are told by an exception.
    private static @Nullable Object text(Object value, Budget budget) {
        var text = text(value);
        if (text instanceof Failure) budget.steps(OF_AN_ERROR);
        return text;
    }

    /// What `string(x)` comes to; null for what has no text.
    static @Nullable Object text(Object value) {
        return switch (value) {
            case String _ -> value;
            case Boolean _, Long _, UInt _ -> value.toString();
            case Double number -> Numbers.text(number);
            case Bytes bytes -> {
                try {
                    yield Utf8.strict(bytes.array());
                } catch (CharacterCodingException e) {
                    yield new Failure("invalid UTF-8 in bytes, cannot convert to string");
                }
            }
            case OffsetDateTime time -> time(time);
            case Duration duration -> Durations.text(duration);
            case Ip ip -> ip.toString();
            case Cidr cidr -> cidr.toString();
            default -> null;
        };
    }

    static String time(OffsetDateTime time) {
        var text = new StringBuilder();
        digits(text, time.getYear(), 4);
        digits(text.append('-'), time.getMonthValue(), 2);
        digits(text.append('-'), time.getDayOfMonth(), 2);
        digits(text.append('T'), time.getHour(), 2);
        digits(text.append(':'), time.getMinute(), 2);
        digits(text.append(':'), time.getSecond(), 2);
        if (time.getNano() > 0) {
            digits(text.append('.'), time.getNano(), 9);
            while (text.charAt(text.length() - 1) == '0') text.setLength(text.length() - 1);
        }
        return text.append(time.getOffset().getId()).toString();
    }

    private static void digits(StringBuilder text, int number, int digits) {
        int start = text.length();
        text.append(number);
        while (text.length() < start + digits) text.insert(start, '0');
    }

    private static @Nullable Object bytes(Object value) {
        return switch (value) {
            case Bytes _ -> value;
            case String text -> new Bytes(text.getBytes(StandardCharsets.UTF_8));
            default -> null;
        };
    }

    private static @Nullable Object flag(Object value) {
        if (value instanceof Boolean) return value;
        if (!(value instanceof String text)) return null;
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> wrong(value, "bool");
        };
    }

    private static @Nullable Object time(Object value) {
        return switch (value) {
            case OffsetDateTime _ -> value;
            case Long seconds -> {
                if (seconds < -62135596800L || seconds > 253402300799L) yield new Failure("timestamp overflow");
                yield Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC);
            }
            case String text -> {
                var time = parsed(text);
                if (time == null) yield wrong(value, "google.protobuf.Timestamp");
                yield time.getYear() < 1 ? new Failure("timestamp overflow") : time;
            }
            default -> null;
        };
    }

    /// A time in the form of RFC 3339, or null. What is finer than a nanosecond is dropped.
    public static @Nullable OffsetDateTime parsed(String text) {
        if (text.length() > LONGEST_TIME) return null;
        var parts = TIME.matcher(text);
        if (!parts.matches()) return null;
        int month = part(parts, 2);
        int day = part(parts, 3);
        if (month < 1 || month > 12 || day < 1) return null;
        if (day > YearMonth.of(part(parts, 1), month).lengthOfMonth()) return null;
        if (part(parts, 4) > 23 || part(parts, 5) > 59 || part(parts, 6) > 59) return null;
        int hours = part(parts, 9);
        int minutes = part(parts, 10);
        if (minutes > 59 || hours * 60 + minutes > MOST_HOURS * 60) return null;
        int sign = "-".equals(parts.group(8)) ? -1 : 1;
        int nanos = part(parts, 7);
        if (nanos > 0) for (int i = parts.end(7) - parts.start(7); i < 9; i++) nanos *= 10;
        return OffsetDateTime.of(
                part(parts, 1),
                month,
                day,
                part(parts, 4),
                part(parts, 5),
                part(parts, 6),
                nanos,
                ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes));
    }

    /// A part that is not there is zero.
    private static int part(Matcher parts, int group) {
        var text = parts.group(group);
        return text == null ? 0 : Integer.parseInt(text);
    }

    private static @Nullable Object duration(Object value) {
        return switch (value) {
            case Duration _ -> value;
            case Long nanos -> Duration.ofNanos(nanos);
            case String text -> orWrong(GoDuration.find(text).orElse(null), value, "google.protobuf.Duration");
            default -> null;
        };
    }
}
