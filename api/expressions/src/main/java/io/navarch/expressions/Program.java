package io.navarch.expressions;

import io.navarch.expressions.evaluation.Evaluation;
import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Failure;
import io.navarch.expressions.value.Steps;
import io.navarch.expressions.value.Values;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An expression that can be evaluated, by any number of threads.
public final class Program {
    /// What one evaluation may cost.
    public static final long PER_CALL_LIMIT = 1_000_000;

    /// An expression has no value for these variables.
    public static final class EvaluationException extends RuntimeException {
        private final long cost;
        private final boolean exceeded;

        private EvaluationException(String message, long cost, boolean exceeded) {
            super(message, null, false, false);
            this.cost = cost;
            this.exceeded = exceeded;
        }

        /// What it has cost until it failed.
        public long cost() {
            return cost;
        }

        /// Whether it was ended because it cost too much.
        public boolean exceeded() {
            return exceeded;
        }
    }

    /// What an expression comes to.
    ///
    /// @param value flags, numbers, texts, lists and maps as Java has them, or one of
    /// [io.navarch.expressions.value]
    /// @param cost as Kubernetes counts it
    public record Result(Object value, long cost) {
        /// The value as a tree of maps, lists, texts, numbers and flags.
        ///
        /// @throws EvaluationException when there is too much of it
        public @Nullable Object tree() {
            try {
                return Values.tree(value, Budget.steps());
            } catch (Budget.Exceeded e) {
                throw new EvaluationException(String.valueOf(e.getMessage()), cost, true);
            } catch (StackOverflowError e) {
                throw new EvaluationException("operation interrupted", cost, true);
            }
        }
    }

    private final Evaluation evaluation;
    private final String type;

    Program(Evaluation evaluation, String type) {
        this.evaluation = evaluation;
        this.type = type;
    }

    /// What it comes to, as a [CelEnvironment] writes types.
    public String type() {
        return type;
    }

    /// Whether it looks at a variable.
    public boolean uses(String variable) {
        return evaluation.uses(variable);
    }

    /// As [#evaluate(Map, long)], for what one evaluation may cost.
    ///
    /// @return the value as a tree
    public @Nullable Object evaluate(Map<String, ?> variables) {
        return evaluate(variables, PER_CALL_LIMIT).tree();
    }

    /// @param variables by name: trees as they are stored, values, or a [java.util.function.Supplier] of one
    ///     that is asked when the expression looks at it
    /// @param limit what it may cost
    /// @throws EvaluationException when it fails, or costs more
    public Result evaluate(Map<String, ?> variables, long limit) {
        return evaluate(variables, limit, new Steps(1));
    }

    /// As above, for one of several expressions that are evaluated for one call.
    ///
    /// @param together what these may take
    public Result evaluate(Map<String, ?> variables, long limit, Steps together) {
        var budget = new Budget(Math.min(limit, PER_CALL_LIMIT), together);
        try {
            var value = evaluation.run(variables, budget);
            if (value instanceof Failure failure)
                throw new EvaluationException(failure.message(), budget.cost(), false);
            return new Result(value, budget.cost());
        } catch (Budget.Exceeded e) {
            throw new EvaluationException(String.valueOf(e.getMessage()), budget.cost(), true);
        } catch (StackOverflowError e) {
            // Lists within lists, and variables that lead to others, may be as deep as anybody likes.
            throw new EvaluationException("operation interrupted", budget.cost(), true);
        }
    }
}
