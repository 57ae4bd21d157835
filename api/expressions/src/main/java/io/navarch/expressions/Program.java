package io.navarch.expressions;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.regex.Pattern;

/// An expression that can be evaluated.
public final class Program {
    /// An expression has no value for these variables.
    public static final class EvaluationException extends RuntimeException {
        private EvaluationException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final Pattern PLACE = Pattern.compile("^evaluation error(?: at [^:]*:[0-9]+)?: ");
    private static final Pattern KEY = Pattern.compile("^key '([^']*)' is not present in map\\.?$");

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
            throw new EvaluationException(words(e), e);
        }
    }

    /// What failed, as Go's evaluator says it.
    private static String words(CelEvaluationException failure) {
        var text = PLACE.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
        return switch (failure.getErrorCode()) {
            case ATTRIBUTE_NOT_FOUND -> "no such key: " + KEY.matcher(text).replaceFirst("$1");
            case INDEX_OUT_OF_BOUNDS -> text.replace("Index out of bounds", "index out of bounds");
            default -> text;
        };
    }
}
