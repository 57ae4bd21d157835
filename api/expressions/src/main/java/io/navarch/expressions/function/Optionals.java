package io.navarch.expressions.function;

import io.navarch.expressions.value.Bytes;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Null;
import io.navarch.expressions.value.UInt;
import io.navarch.expressions.value.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Values that may not be there.
final class Optionals {
    static final Map<String, Function> FUNCTIONS = Map.of(
            "optional.of", (a, budget) -> Optional.of(a[0]),
            "optional.ofNonZeroValue", (a, budget) -> zero(a[0]) ? Optional.empty() : Optional.of(a[0]),
            "optional.none", (a, budget) -> Optional.empty(),
            "optional.unwrap", (a, budget) -> a[0] instanceof List<?> list ? unwrapped(list) : null,
            "unwrapOpt", (a, budget) -> a[0] instanceof List<?> list ? unwrapped(list) : null,
            "value", (a, budget) -> a[0] instanceof Optional<?> optional ? value(optional) : null,
            "hasValue", (a, budget) -> a[0] instanceof Optional<?> optional ? (Object) optional.isPresent() : null,
            "first", (a, budget) -> a[0] instanceof List<?> list ? end(list, 0) : null,
            "last", (a, budget) -> a[0] instanceof List<?> list ? end(list, list.size() - 1) : null);

    private Optionals() {}

    private static Object value(Optional<?> optional) {
        return optional.isPresent() ? optional.get() : new Failure("optional.none() dereference");
    }

    private static Object end(List<?> list, int index) {
        return list.isEmpty() ? Optional.empty() : Optional.of(Values.of(list.get(index)));
    }

    private static Object unwrapped(List<?> list) {
        var result = new ArrayList<Object>();
        for (var element : list) {
            if (!(element instanceof Optional<?> optional))
                return new Failure("value " + Showing.of(Values.of(element)) + " is not optional");
            optional.ifPresent(result::add);
        }
        return result;
    }

    private static boolean zero(Object value) {
        return switch (value) {
            case Null _ -> true;
            case Boolean flag -> !flag;
            case Long number -> number == 0;
            case UInt number -> number.bits() == 0;
            case Double number -> number == 0;
            case Duration duration -> duration.isZero();
            case String _, Bytes _, List<?> _, Map<?, ?> _ -> Values.size(value) == 0;
            case Optional<?> optional -> optional.isEmpty();
            default -> false;
        };
    }
}
