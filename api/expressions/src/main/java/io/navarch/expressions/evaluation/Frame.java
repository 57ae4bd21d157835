package io.navarch.expressions.evaluation;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Values;
import java.util.Map;

/// The variables that a step sees.
class Frame {
    private final Map<String, ?> variables;
    final Budget budget;

    Frame(Map<String, ?> variables, Budget budget) {
        this.variables = variables;
        this.budget = budget;
    }

    Object find(String name) {
        return variables.containsKey(name)
                ? Values.of(variables.get(name))
                : new Failure("no such attribute(s): " + name);
    }
}
