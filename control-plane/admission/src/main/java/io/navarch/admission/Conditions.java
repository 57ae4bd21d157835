package io.navarch.admission;

import io.navarch.expressions.Scope;
import io.navarch.model.MatchCondition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Says of a call whether somebody is to be asked about it: when none of some expressions says no.
///
/// @param ignored whether nobody is asked when an expression fails; otherwise the call is refused
record Conditions(List<Expression> expressions, boolean ignored) {
    /// @param errors of expressions that failed
    record Outcome(boolean matches, boolean refused, List<String> errors, Duration took) {
        /// All errors as one.
        String error() {
            var distinct = errors.stream().distinct().toList();
            return distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]";
        }
    }

    static Conditions of(List<MatchCondition> conditions, Scope scope, boolean ignored) {
        return new Conditions(
                conditions.stream()
                        .map(each -> Expression.of(each.expression(), scope))
                        .toList(),
                ignored);
    }

    boolean none() {
        return expressions.isEmpty();
    }

    Outcome evaluate(Map<String, ?> variables, Cost cost) {
        long began = System.nanoTime();
        var errors = new ArrayList<String>();
        boolean excluded = false;
        try {
            for (int i = 0; i < expressions.size() && !excluded; i++) {
                switch (expressions.get(i).evaluate(variables, cost)) {
                    case Expression.Outcome.Value value -> excluded = !Boolean.TRUE.equals(value.value());
                    case Expression.Outcome.Failed failed -> errors.add(failed.told());
                }
            }
        } catch (Cost.SpentException e) {
            errors.add(String.valueOf(e.getMessage()));
        }
        boolean failed = !errors.isEmpty() && !excluded;
        var took = Duration.ofNanos(System.nanoTime() - began);
        return new Outcome(!failed && !excluded, failed && !ignored, errors, took);
    }
}
