package io.navarch.expressions.evaluation;

import io.navarch.expressions.value.Equality;
import io.navarch.expressions.value.Failure;
import java.util.List;

/// Whether a value is in a list that is always the same. Only the value costs something.
record Membership(Step value, List<?> list) implements Step {
    @Override
    public Object run(Frame frame) {
        var element = value.run(frame);
        return element instanceof Failure ? element : Equality.contains(list, element, frame.budget);
    }
}
