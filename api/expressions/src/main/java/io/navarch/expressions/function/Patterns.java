package io.navarch.expressions.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Failure;
import io.navarch.schema.types.GoPattern;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Regular expressions, in a time that grows with the text only.
final class Patterns {
    /// What a pattern that is made while an expression is evaluated takes for each step of its program.
    private static final int OF_A_STEP = 10;

    /// An exception that tells of all calls that it was made within, of which an expression may have a thousand.
    private static final int OF_AN_ERROR = 1000;

    /// A text that takes steps while it is read: a pattern has as many places to be at as it is long.
    private record Counted(String text, int step, Budget budget) implements CharSequence {
        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            budget.steps(step);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static final Map<String, Function> FUNCTIONS =
            Map.of("matches", Patterns::matches, "find", Patterns::find, "findAll", Patterns::findAll);

    private Patterns() {}

    /// @return a pattern, a failure, or null for what is none
    private static @Nullable Object pattern(Object given, Budget budget) {
        if (given instanceof KnownPattern known) return known.pattern();
        if (!(given instanceof String text)) return null;
        try {
            budget.steps((long) text.length() * OF_A_STEP);
            var pattern = GoPattern.compile(text);
            budget.steps((long) pattern.programSize() * OF_A_STEP);
            return pattern;
        } catch (PatternSyntaxException e) {
            budget.steps(OF_AN_ERROR);
            return new Failure(String.valueOf(e.getMessage()));
        }
    }

    private static Matcher matcher(Pattern pattern, String text, Budget budget) {
        int step = 1 + pattern.programSize() / 10;
        return pattern.matcher(new Counted(text, step, budget));
    }

    private static @Nullable Object matches(Object[] arguments, Budget budget) {
        if (!(arguments[0] instanceof String text)) return null;
        return switch (pattern(arguments[1], budget)) {
            case Pattern pattern -> matcher(pattern, text, budget).find();
            case null -> null;
            case Object failure -> failure;
        };
    }

    private static @Nullable Object find(Object[] arguments, Budget budget) {
        if (!(arguments[0] instanceof String text)) return null;
        return switch (pattern(arguments[1], budget)) {
            case Pattern pattern -> {
                var matcher = matcher(pattern, text, budget);
                yield matcher.find() ? matcher.group() : "";
            }
            case Failure failure -> new Failure("Illegal regex: " + failure.message());
            case null, default -> null;
        };
    }

    private static @Nullable Object findAll(Object[] arguments, Budget budget) {
        if (!(arguments[0] instanceof String text)) return null;
        long most = arguments.length > 2 && arguments[2] instanceof Long number ? number : -1;
        return switch (pattern(arguments[1], budget)) {
            case Pattern pattern -> {
                var found = new ArrayList<String>();
                var matcher = matcher(pattern, text, budget);
                while ((most < 0 || found.size() < most) && matcher.find()) found.add(matcher.group());
                yield found;
            }
            case Failure failure -> new Failure("Illegal regex: " + failure.message());
            case null, default -> null;
        };
    }
}
