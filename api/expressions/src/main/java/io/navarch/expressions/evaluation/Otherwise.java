package io.navarch.expressions.evaluation;

import io.navarch.expressions.value.Failure;
import java.util.Optional;

/// `optional.or(other)` and `optional.orValue(other)`: the other is not looked at when there is a value.
record Otherwise(Step one, Step other, boolean value) implements Step {
    @Override
    public Object run(Frame frame) {
        frame.budget.step();
        return switch (one.run(frame)) {
            case Failure failure -> failure;
            case Optional<?> optional when optional.isPresent() -> value ? optional.get() : optional;
            case Optional<?> _ -> other.run(frame);
            default -> Failure.NO_OVERLOAD;
        };
    }
}
