package io.navarch.expressions.function;

import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.TypeName;
import io.navarch.expressions.value.UInt;
import io.navarch.expressions.value.Values;
import io.navarch.objects.GoDuration;
import io.navarch.objects.Utf8;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From one type to another.
public final class Conversions {
    static final Map<String, Function> FUNCTIONS = Map.of(
            "int", (arguments, budget) -> integer(arguments[0]),
            "uint", (arguments, budget) -> unsigned(arguments[0]),
            "double", (arguments, budget) -> floating(arguments[0]),
            "string", (arguments, budget) -> text(arguments[0]),
            "bytes", (arguments, budget) -> bytes(arguments[0]),
            "bool", (arguments, budget) -> flag(arguments[0]),
            "timestamp", (arguments, budget) -> time(arguments[0]),
            "duration", (arguments, budget) -> duration(arguments[0]),
            "type", (arguments, budget) -> new TypeName(Values.type(arguments[0])),
            "dyn", (arguments, budget) -> arguments[0]);

    private static final Failure INT = new Failure("integer overflow");
    private static final Failure UINT = new Failure("unsigned integer overflow");

    private Conversions() {}

    private static Failure wrong(Object value, String wanted) {
        return new Failure("type conversion error from '" + Values.type(value) + "' to '" + wanted + "'");
    }

    private static @Nullable Object integer(Object value) {
        try {
            return switch (value) {
                case Long _ -> value;
                case UInt number -> number.bits() < 0 ? INT : (Object) number.bits();
                case Double number ->
                    number.isNaN() || number <= -0x1p63 || number >= 0x1p63 ? INT : (Object) number.longValue();
                case String text -> Long.parseLong(text);
                case OffsetDateTime time -> time.toEpochSecond();
                case Duration duration -> duration.toNanos();
                default -> null;
            };
        } catch (NumberFormatException e) {
            return wrong(value, "int");
        }
    }

    private static @Nullable Object unsigned(Object value) {
        try {
            return switch (value) {
                case UInt _ -> value;
                case Long number -> number < 0 ? UINT : new UInt(number);
                case Double number ->
                    number.isNaN() || number < 0 || number >= 0x1p64
                            ? UINT
                            : new UInt(
                                    number < 0x1p63 ? number.longValue() : (long) (number - 0x1p63) + Long.MIN_VALUE);
                case String text -> Numbers.unsigned(text);
                default -> null;
            };
        } catch (NumberFormatException e) {
            return wrong(value, "uint");
        }
    }

    private static @Nullable Object floating(Object value) {
        try {
            return switch (value) {
                case Double _ -> value;
                case Long number -> (double) number;
                case UInt number -> number.asDouble();
                case String text -> Numbers.floating(text);
                default -> null;
            };
        } catch (NumberFormatException e) {
            return wrong(value, "double");
        }
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
        var text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
        int point = text.indexOf('.');
        if (point < 0) return text;
        int end = point + 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) end++;
        return text.substring(0, end).replaceAll("\\.?0+$", "") + text.substring(end);
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

    /// A time in the form of RFC 3339, or null.
    public static @Nullable OffsetDateTime parsed(String text) {
        if (!text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]{1,9})?[0-9]{0,64}"
                + "(Z|[-+][0-9]{2}:[0-9]{2})")) return null;
        try {
            return OffsetDateTime.parse(text.replace(',', '.'));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Object duration(Object value) {
        return switch (value) {
            case Duration _ -> value;
            case Long nanos -> Duration.ofNanos(nanos);
            case String text -> {
                try {
                    yield GoDuration.parse(text);
                } catch (IllegalArgumentException e) {
                    yield wrong(value, "google.protobuf.Duration");
                }
            }
            default -> null;
        };
    }
}
