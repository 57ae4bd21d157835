package io.navarch.admission;

import io.navarch.expressions.Program;
import io.navarch.expressions.Scope;
import java.util.Map;
import java.util.Optional;

/// An expression of a webhook or a policy, ready to be evaluated, or what is wrong with it.
record Expression(String source, Optional<Program> program, String wrong) {
    sealed interface Outcome {
        record Value(Object value, Program.Result result) implements Outcome {}

        /// @param why without the expression
        record Failed(String why, String told) implements Outcome {}
    }

    static Expression of(String source, Scope scope) {
        try {
            return new Expression(source, Optional.of(scope.program(source)), "");
        } catch (IllegalArgumentException e) {
            return new Expression(source, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /// @throws Cost.SpentException when it costs more than is left
    Outcome evaluate(Map<String, ?> variables, Cost cost) {
        if (program.isEmpty()) return new Outcome.Failed(wrong, "compilation error: " + wrong);
        long before = cost.left();
        try {
            var result = program.get().evaluate(variables, before, cost.steps());
            cost.spend(result.cost());
            return new Outcome.Value(result.value(), result);
        } catch (Program.EvaluationException e) {
            cost.spend(e.cost());
            var why = String.valueOf(e.getMessage());
            return new Outcome.Failed(why, "expression '" + source + "' resulted in error: " + why);
        }
    }
}
