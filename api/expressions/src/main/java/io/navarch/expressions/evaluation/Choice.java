package io.navarch.expressions.evaluation;

import io.navarch.expressions.value.Failure;

/// `condition ? one : other`
record Choice(Step condition, Step one, Step other) implements Step {
    @Override
    public Object run(Frame frame) {
        frame.budget.step();
        return switch (condition.run(frame)) {
            case Boolean holds -> (holds ? one : other).run(frame);
            case Failure failure -> failure;
            default -> Failure.NO_OVERLOAD;
        };
    }
}
