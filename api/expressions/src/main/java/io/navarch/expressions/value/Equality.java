package io.navarch.expressions.value;

import java.math.BigInteger;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// When values are equal: numbers whatever their type, times whatever their zone, values of other types never.
public final class Equality {
    private Equality() {}

    public static boolean same(Object one, Object other, Budget budget) {
        budget.step();
        return switch (one) {
            case Long _, UInt _, Double _ -> numbers(one, other);
            case OffsetDateTime time -> other instanceof OffsetDateTime that && time.isEqual(that);
            case List<?> list -> other instanceof List<?> that && lists(list, that, budget);
            case Map<?, ?> map -> other instanceof Map<?, ?> that && maps(map, that, budget);
            case Optional<?> optional ->
                other instanceof Optional<?> that
                        && optional.isPresent() == that.isPresent()
                        && (optional.isEmpty() || same(optional.get(), that.get(), budget));
            case Opaque opaque -> other instanceof Opaque that && opaque.same(that);
            case String text -> {
                budget.reads(text.length());
                yield text.equals(other);
            }
            case Bytes bytes -> {
                budget.reads(bytes.size());
                yield bytes.equals(other);
            }
            default -> one.equals(other);
        };
    }

    private static boolean numbers(Object one, Object other) {
        return switch (other) {
            case Long number when one instanceof Long that -> number.equals(that);
            case UInt number when one instanceof UInt that -> number.equals(that);
            case Double number when one instanceof Double that -> number.doubleValue() == that;
            case Long _, UInt _, Double _ -> {
                if (one instanceof Double number && number.isNaN()) yield false;
                if (other instanceof Double number && number.isNaN()) yield false;
                yield numeric(one, other) == 0;
            }
            default -> false;
        };
    }

    /// How numbers of any type are ordered; neither may be no number. What is compared with a double becomes one.
    static int numeric(Object one, Object other) {
        if (one instanceof Double || other instanceof Double) {
            double a = rough(one);
            double b = rough(other);
            return a < b ? -1 : a > b ? 1 : 0;
        }
        return exact(one).compareTo(exact(other));
    }

    private static double rough(Object number) {
        return switch (number) {
            case Long value -> value;
            case UInt value -> value.asDouble();
            default -> (Double) number;
        };
    }

    private static BigInteger exact(Object number) {
        return number instanceof UInt value ? value.number() : BigInteger.valueOf((Long) number);
    }

    private static boolean lists(List<?> one, List<?> other, Budget budget) {
        if (one instanceof Alike alike) return alike.alike(other, budget);
        if (one.size() != other.size()) return false;
        var rest = other.iterator();
        for (var element : one) if (!same(Values.of(element), Values.of(rest.next()), budget)) return false;
        return true;
    }

    private static boolean maps(Map<?, ?> one, Map<?, ?> other, Budget budget) {
        if (one.size() != other.size()) return false;
        for (var entry : one.entrySet()) {
            var value = Values.find(other, Values.of(entry.getKey()));
            if (value == null || !same(Values.of(entry.getValue()), value, budget)) return false;
        }
        return true;
    }

    public static boolean contains(List<?> list, Object element, Budget budget) {
        for (var each : list) if (same(Values.of(each), element, budget)) return true;
        return false;
    }
}
