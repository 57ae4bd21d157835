package io.navarch.expressions.function;

import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Functions of versions, and the comparisons that versions share with amounts.
final class Versions {
    static final Map<String, Function> FUNCTIONS = Map.of(
            "semver", (a, budget) -> a[0] instanceof String text ? parse(text, a) : null,
            "isSemver", (a, budget) -> a[0] instanceof String text ? (Object) (parse(text, a) instanceof Semver) : null,
            "major", (a, budget) -> a[0] instanceof Semver version ? (Object) version.major() : null,
            "minor", (a, budget) -> a[0] instanceof Semver version ? (Object) version.minor() : null,
            "patch", (a, budget) -> a[0] instanceof Semver version ? (Object) version.patch() : null,
            "compareTo", (a, budget) -> order(a),
            "isLessThan", compared(order -> order < 0),
            "isGreaterThan", compared(order -> order > 0));

    private Versions() {}

    private static Object parse(String text, Object[] arguments) {
        return arguments.length > 1 && Boolean.TRUE.equals(arguments[1])
                ? Semver.parseTolerant(text)
                : Semver.parse(text);
    }

    private static Function compared(LongPredicate wanted) {
        return (arguments, budget) -> {
            var order = order(arguments);
            return order == null ? null : (Object) wanted.test(order);
        };
    }

    private static @Nullable Long order(Object[] arguments) {
        if (arguments[0] instanceof Semver one && arguments[1] instanceof Semver other)
            return (long) Integer.signum(one.compareTo(other));
        return Quantities.order(arguments[0], arguments[1]);
    }
}
