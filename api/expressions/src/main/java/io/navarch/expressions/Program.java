package io.navarch.expressions;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;

/// An expression that can be evaluated.
public final class Program {
    /// An expression has no value for these variables.
    public static final class EvaluationException extends RuntimeException {
        private EvaluationException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final CelRuntime.Program program;

    Program(CelRuntime.Program program) {
        this.program = program;
    }

    /// @param variables trees of maps, lists, texts, numbers and flags, by name
    /// @return such a tree
    /// @throws EvaluationException when it fails, or goes through too many elements
    public Object evaluate(Map<String, ?> variables) {
        try {
            return program.eval(variables);
        } catch (CelEvaluationException e) {
            throw new EvaluationException(String.valueOf(e.getMessage()), e);
        }
    }
}
