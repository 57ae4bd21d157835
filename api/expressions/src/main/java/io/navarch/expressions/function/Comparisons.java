package io.navarch.expressions.function;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Equality;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Ordering;
import io.navarch.expressions.value.Values;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Equality, order, membership and size.
final class Comparisons {
    static final Map<String, Function> FUNCTIONS = Map.of(
            "_==_",
            (arguments, budget) -> Equality.same(arguments[0], arguments[1], budget),
            "_!=_",
            (arguments, budget) -> !Equality.same(arguments[0], arguments[1], budget),
            "_<_",
            ordered(order -> order < 0),
            "_<=_",
            ordered(order -> order <= 0),
            "_>_",
            ordered(order -> order > 0),
            "_>=_",
            ordered(order -> order >= 0),
            "@in",
            Comparisons::in,
            "!_",
            (arguments, budget) -> arguments[0] instanceof Boolean flag ? (Object) !flag : null,
            "size",
            (arguments, budget) -> size(arguments[0]),
            "@not_strictly_false",
            (arguments, budget) -> !Boolean.FALSE.equals(arguments[0]));

    private Comparisons() {}

    private static Function ordered(LongPredicate wanted) {
        return (arguments, budget) -> {
            var order = Ordering.compare(arguments[0], arguments[1], budget);
            return order instanceof Long number ? (Object) wanted.test(number) : order;
        };
    }

    private static @Nullable Object in(Object[] arguments, Budget budget) {
        return switch (arguments[1]) {
            case List<?> list -> Equality.contains(list, arguments[0], budget);
            case Map<?, ?> map -> Values.find(map, arguments[0]) != null;
            default -> Failure.NO_OVERLOAD;
        };
    }

    private static @Nullable Object size(Object value) {
        return switch (value) {
            case String _, Bytes _, List<?> _, Map<?, ?> _ -> Values.size(value);
            default -> null;
        };
    }
}
