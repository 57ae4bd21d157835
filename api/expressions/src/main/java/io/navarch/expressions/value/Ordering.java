package io.navarch.expressions.value;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// Which of two values is less.
public final class Ordering {
    /// Some double is no number.
    public static final Failure NOT_A_NUMBER = new Failure("NaN values cannot be ordered");

    private Ordering() {}

    /// @return -1, 0 or 1 as a number, why it cannot be told, or null for values of types that have no order
    public static @Nullable Object compare(Object one, Object other, Budget budget) {
        budget.step();
        return switch (one) {
            case Long a when other instanceof Long b -> sign(Long.compare(a, b));
            case UInt a when other instanceof UInt b -> sign(a.compareTo(b));
            case Long _, UInt _, Double _
            when other instanceof Long || other instanceof UInt || other instanceof Double ->
                notNumber(one) || notNumber(other) ? NOT_A_NUMBER : sign(Equality.numeric(one, other));
            case String a when other instanceof String b -> sign(texts(a, b, budget));
            case Bytes a
            when other instanceof Bytes b -> {
                budget.reads(Math.min(a.size(), b.size()));
                yield sign(a.compareTo(b));
            }
            case Boolean a when other instanceof Boolean b -> sign(Boolean.compare(a, b));
            case OffsetDateTime a
            when other instanceof OffsetDateTime b -> sign(a.toInstant().compareTo(b.toInstant()));
            case Duration a when other instanceof Duration b -> sign(a.compareTo(b));
            default -> null;
        };
    }

    private static Object sign(int order) {
        return (long) Integer.signum(order);
    }

    private static boolean notNumber(Object value) {
        return value instanceof Double number && number.isNaN();
    }

    /// By code points, as their bytes in UTF-8 are ordered.
    private static int texts(String one, String other, Budget budget) {
        int length = Math.min(one.length(), other.length());
        budget.grows(length);
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a == b) continue;
            boolean pair = Character.isSurrogate(a);
            return pair == Character.isSurrogate(b) ? Character.compare(a, b) : pair ? 1 : -1;
        }
        return Integer.compare(one.length(), other.length());
    }
}
