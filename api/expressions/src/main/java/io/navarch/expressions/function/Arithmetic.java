package io.navarch.expressions.function;

import io.navarch.expressions.value.Alike;
import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Concatenation;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Growing;
import io.navarch.expressions.value.UInt;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calculating with numbers, times, texts and lists. What does not fit into its type is an error.
final class Arithmetic {
    static final Map<String, Function> FUNCTIONS = Map.of(
            "_+_", (arguments, budget) -> plus(arguments[0], arguments[1], budget),
            "_-_", (arguments, budget) -> minus(arguments[0], arguments[1]),
            "_*_", (arguments, budget) -> times(arguments[0], arguments[1]),
            "_/_", (arguments, budget) -> divided(arguments[0], arguments[1]),
            "_%_", (arguments, budget) -> modulo(arguments[0], arguments[1]),
            "-_", (arguments, budget) -> negated(arguments[0]));

    private static final Failure INT = new Failure("integer overflow");
    private static final Failure UINT = new Failure("unsigned integer overflow");
    private static final Failure DURATION = new Failure("duration overflow");
    private static final Failure TIMESTAMP = new Failure("timestamp overflow");
    private static final BigInteger MOST = BigInteger.TWO.pow(64);

    private Arithmetic() {}

    static @Nullable Object plus(Object one, Object other, Budget budget) {
        try {
            return switch (one) {
                case Long a
                when other instanceof Long b -> {
                    long sum = a + b;
                    yield ((a ^ sum) & (b ^ sum)) < 0 ? INT : (Object) sum;
                }
                case UInt a when other instanceof UInt b -> unsigned(a.number().add(b.number()));
                case Double a when other instanceof Double b -> a + b;
                case String a
                when other instanceof String b -> {
                    budget.reads(a.length() + b.length());
                    yield a.concat(b);
                }
                case Bytes a when other instanceof Bytes b -> a.plus(b);
                case Growing a when other instanceof List<?> b -> a.append(b);
                case Alike a when other instanceof List<?> b -> a.plus(b, budget);
                case List<?> a
                when other instanceof List<?> b -> a.isEmpty() ? b : b.isEmpty() ? a : Concatenation.of(a, b, budget);
                case Duration a when other instanceof Duration b -> Durations.checked(a.plus(b));
                case OffsetDateTime a when other instanceof Duration b -> moved(a, b);
                case Duration a when other instanceof OffsetDateTime b -> moved(b, a);
                default -> null;
            };
        } catch (ArithmeticException e) {
            return DURATION;
        }
    }

    private static @Nullable Object minus(Object one, Object other) {
        try {
            return switch (one) {
                case Long a
                when other instanceof Long b -> {
                    long difference = a - b;
                    yield ((a ^ b) & (a ^ difference)) < 0 ? INT : (Object) difference;
                }
                case UInt a when other instanceof UInt b -> unsigned(a.number().subtract(b.number()));
                case Double a when other instanceof Double b -> a - b;
                case Duration a when other instanceof Duration b -> Durations.checked(a.minus(b));
                case OffsetDateTime a when other instanceof Duration b -> moved(a, b.negated());
                case OffsetDateTime a
                when other instanceof OffsetDateTime b -> Durations.checked(Duration.between(b, a));
                default -> null;
            };
        } catch (ArithmeticException e) {
            return DURATION;
        }
    }

    private static @Nullable Object times(Object one, Object other) {
        return switch (one) {
            case Long a
            when other instanceof Long b -> {
                long high = Math.multiplyHigh(a, b);
                long low = a * b;
                yield high == low >> 63 ? (Object) low : INT;
            }
            case UInt a when other instanceof UInt b -> unsigned(a.number().multiply(b.number()));
            case Double a when other instanceof Double b -> a * b;
            default -> null;
        };
    }

    private static @Nullable Object divided(Object one, Object other) {
        return switch (one) {
            case Long a
            when other instanceof Long b -> {
                if (b == 0) yield new Failure("division by zero");
                yield a == Long.MIN_VALUE && b == -1 ? INT : (Object) (a / b);
            }
            case UInt a
            when other instanceof UInt b ->
                b.bits() == 0 ? new Failure("division by zero") : new UInt(Long.divideUnsigned(a.bits(), b.bits()));
            case Double a when other instanceof Double b -> a / b;
            default -> null;
        };
    }

    private static @Nullable Object modulo(Object one, Object other) {
        return switch (one) {
            case Long a
            when other instanceof Long b -> {
                if (b == 0) yield new Failure("modulus by zero");
                yield a == Long.MIN_VALUE && b == -1 ? INT : (Object) (a % b);
            }
            case UInt a
            when other instanceof UInt b ->
                b.bits() == 0 ? new Failure("modulus by zero") : new UInt(Long.remainderUnsigned(a.bits(), b.bits()));
            default -> null;
        };
    }

    private static @Nullable Object negated(Object value) {
        return switch (value) {
            case Long number -> number == Long.MIN_VALUE ? INT : (Object) (-number);
            case Double number -> -number;
            case Duration duration -> duration.negated();
            default -> null;
        };
    }

    private static Object unsigned(BigInteger number) {
        return number.signum() < 0 || number.compareTo(MOST) >= 0 ? UINT : new UInt(number.longValue());
    }

    private static Object moved(OffsetDateTime time, Duration by) {
        try {
            var result = time.plus(by);
            return result.getYear() < 1 || result.getYear() > 9999 ? TIMESTAMP : result;
        } catch (DateTimeException | ArithmeticException e) {
            return TIMESTAMP;
        }
    }
}
