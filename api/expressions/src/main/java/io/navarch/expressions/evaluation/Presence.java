package io.navarch.expressions.evaluation;

import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Values;
import java.util.Optional;

/// Whether a value has a field.
record Presence(Step operand, String field) implements Step {
    @Override
    public Object run(Frame frame) {
        var from = operand.run(frame);
        if (from instanceof Failure) return from;
        if (from instanceof Optional<?> whole) {
            if (whole.isEmpty()) return false;
            from = Values.of(whole.get());
        }
        frame.budget.spend(1);
        return switch (Access.part(from, field)) {
            case null -> false;
            case Failure failure -> failure;
            default -> true;
        };
    }
}
