package io.navarch.expressions.evaluation;

import io.navarch.expressions.value.Failure;

/// `one || other` or `one && other`: one side decides alone if it can, even when the other fails.
///
/// @param deciding what one side must be to decide
record Logic(boolean deciding, Step one, Step other) implements Step {
    @Override
    public Object run(Frame frame) {
        frame.budget.step();
        var first = one.run(frame);
        if (decides(first)) return deciding;
        var second = other.run(frame);
        if (decides(second)) return deciding;
        if (!(first instanceof Boolean)) return first instanceof Failure ? first : Failure.NO_OVERLOAD;
        if (!(second instanceof Boolean)) return second instanceof Failure ? second : Failure.NO_OVERLOAD;
        return !deciding;
    }

    private boolean decides(Object value) {
        return value instanceof Boolean flag && flag == deciding;
    }
}
