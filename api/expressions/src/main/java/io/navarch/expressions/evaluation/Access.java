package io.navarch.expressions.evaluation;

import io.navarch.expressions.function.Showing;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.UInt;
import io.navarch.expressions.value.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A part of a value: a field, an element, what stands under a key.
///
/// @param optional whether it may be missing
record Access(Step operand, Step key, boolean optional) implements Step {
    @Override
    public Object run(Frame frame) {
        var from = operand.run(frame);
        if (from instanceof Failure) return from;
        boolean maybe = optional;
        if (from instanceof Optional<?> whole) {
            if (whole.isEmpty()) return from;
            from = Values.of(whole.get());
            maybe = true;
        }
        var at = key.run(frame);
        if (at instanceof Failure) return at;
        var part = part(from, at);
        if (!maybe) {
            frame.budget.spend(1);
            return part == null ? missing(from, at) : part;
        }
        if (part == null) return Optional.empty();
        frame.budget.spend(1);
        return part instanceof Failure ? part : Optional.of(part);
    }

    /// @return null when it is not there
    static @Nullable Object part(Object from, Object key) {
        if (from instanceof Map<?, ?> map) return Values.find(map, key);
        if (!(from instanceof List<?> list)) return null;
        long index = switch (key) {
            case Long number -> number;
            case UInt number when number.bits() >= 0 -> number.bits();
            case Double number when number == Math.rint(number) -> number.longValue();
            default -> Long.MIN_VALUE;
        };
        if (index == Long.MIN_VALUE) return new Failure("unsupported index value " + Values.type(key) + " in list");
        return index >= 0 && index < list.size() ? Values.of(list.get((int) index)) : null;
    }

    private static Failure missing(Object from, Object key) {
        return new Failure((from instanceof List<?> ? "index out of bounds: " : "no such key: ") + Showing.of(key));
    }
}
