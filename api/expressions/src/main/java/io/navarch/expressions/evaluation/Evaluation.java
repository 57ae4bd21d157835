package io.navarch.expressions.evaluation;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelReference;
import io.navarch.expressions.function.Functions;
import io.navarch.expressions.value.Budget;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// A checked expression, ready to be evaluated any number of times.
public final class Evaluation {
    private final Step step;
    private final Set<String> variables;

    /// @throws IllegalArgumentException when a part that is always the same has no value
    public Evaluation(CelAbstractSyntaxTree tree, Functions functions) {
        step = new Planner(tree, functions).plan();
        variables = tree.getReferenceMap().values().stream()
                .map(CelReference::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Whether an expression can be made ready.
    ///
    /// @throws IllegalArgumentException when a part that is always the same has no value
    public static void check(CelAbstractSyntaxTree tree, Functions functions) {
        new Planner(tree, functions).plan();
    }

    public boolean uses(String variable) {
        return variables.contains(variable);
    }

    /// @return a value or a failure
    /// @throws Budget.Exceeded when it costs more than it may
    public Object run(Map<String, ?> variables, Budget budget) {
        return step.run(new Frame(variables, budget));
    }
}
