package io.navarch.admission;

import io.navarch.expressions.Expressions;
import io.navarch.expressions.value.Steps;
import io.navarch.model.FailurePolicy;
import io.navarch.model.ValidatingAdmissionPolicy;
import io.navarch.model.Validation;
import io.navarch.objects.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A policy that may refuse calls, ready to be asked.
record ValidatingPolicy(PolicyFacts facts, List<Check> checks, List<Annotation> annotations) {
    private static final int LONGEST_MESSAGE = 5 << 10;

    /// What must hold.
    ///
    /// @param words that say what does not, and come to nothing when they fail
    record Check(Expression expression, Optional<Expression> words, String message, String reason) {}

    /// What an audit is told.
    record Annotation(String key, Expression value) {}

    /// What became of one of the checks, unless all is well.
    ///
    /// @param number among the checks
    /// @param reason as a Status has it; `""` for the usual one
    /// @param allowed whether the call goes on all the same
    record Decision(int number, String message, String reason, boolean allowed, Duration took) {}

    /// @param annotations what an audit is to be told, by key
    /// @param failed why it cannot be told something
    record Decisions(List<Decision> checked, Map<String, String> annotations, List<Decision> failed) {
        static final Decisions NONE = new Decisions(List.of(), Map.of(), List.of());
    }

    static ValidatingPolicy of(String name, View view, Expressions expressions) {
        var spec = ValidatingAdmissionPolicy.of(view).spec();
        var variables = NamedExpressions.of(spec.variables(), spec.paramKind().exists(), expressions);
        var scope = variables.scope();
        var facts = PolicyFacts.of(
                name,
                spec.matchConstraints(),
                spec.paramKind(),
                spec.matchConditions(),
                variables,
                spec.failurePolicy() == FailurePolicy.IGNORE);
        var checks = new ArrayList<Check>();
        for (var validation : spec.validations())
            checks.add(new Check(
                    Expression.of(validation.expression(), scope.comingTo("bool")),
                    validation.hasMessageExpression()
                            ? Optional.of(Expression.of(validation.messageExpression(), scope.comingTo("string")))
                            : Optional.empty(),
                    validation.message().strip(),
                    validation.raw(Validation.REASON).string()));
        var annotations = spec.auditAnnotations().stream()
                .map(each -> new Annotation(
                        each.key(), Expression.of(each.valueExpression().strip(), scope.comingTo("string", "null"))))
                .toList();
        return new ValidatingPolicy(facts, checks, annotations);
    }

    /// @param variables of the call, with the parameter
    /// @param steps what all expressions of the call may take
    Decisions decide(Map<String, @Nullable Object> variables, Steps steps) {
        var cost = new Cost(Cost.OF_POLICY, steps);
        var bound = facts.variables().with(variables, cost);
        var checked = new ArrayList<Decision>();
        try {
            var outcomes = new ArrayList<Evaluated>();
            for (var check : checks) {
                long began = System.nanoTime();
                var outcome = check.expression.evaluate(bound, cost);
                outcomes.add(new Evaluated(outcome, Duration.ofNanos(System.nanoTime() - began)));
            }
            for (int i = 0; i < checks.size(); i++)
                decide(i, outcomes.get(i), bound, cost).ifPresent(checked::add);
            var annotated = new Decisions(checked, new LinkedHashMap<>(), new ArrayList<>());
            annotate(variables, steps, annotated);
            return annotated;
        } catch (Cost.SpentException e) {
            return only(String.valueOf(e.getMessage()));
        }
    }

    private record Evaluated(Expression.Outcome outcome, Duration took) {}

    /// Nothing else is known of the call.
    Decisions only(String message) {
        return new Decisions(List.of(error(0, message, Duration.ZERO)), Map.of(), List.of());
    }

    private Decision error(int number, String message, Duration took) {
        return new Decision(number, message, "", facts.ignored(), took);
    }

    private Optional<Decision> decide(
            int number, Evaluated evaluated, Map<String, @Nullable Object> variables, Cost cost) {
        return switch (evaluated.outcome) {
            case Expression.Outcome.Failed failure -> Optional.of(error(number, failure.told(), evaluated.took));
            case Expression.Outcome.Value value ->
                Boolean.TRUE.equals(value.value())
                        ? Optional.empty()
                        : Optional.of(refusal(number, evaluated.took, variables, cost));
        };
    }

    private Decision refusal(int number, Duration took, Map<String, @Nullable Object> variables, Cost cost) {
        var check = checks.get(number);
        try {
            var words = check.words.map(each -> words(each, variables, cost)).orElse("");
            if (words.isEmpty()) words = check.message;
            if (words.isEmpty())
                words = "failed expression: " + check.expression.source().strip();
            return new Decision(number, words, check.reason, false, took);
        } catch (Cost.SpentException e) {
            return error(number, "failed messageExpression: " + e.getMessage(), took);
        }
    }

    /// What a message comes to: one line of some length, or nothing.
    private static String words(Expression expression, Map<String, @Nullable Object> variables, Cost cost) {
        if (!(expression.evaluate(variables, cost) instanceof Expression.Outcome.Value value)) return "";
        if (!(value.value() instanceof String text)) return "";
        var words = text.strip();
        boolean longer = words.getBytes(StandardCharsets.UTF_8).length > LONGEST_MESSAGE;
        return longer || words.contains("\n") ? "" : words;
    }

    private void annotate(Map<String, @Nullable Object> variables, Steps steps, Decisions into) {
        if (annotations.isEmpty()) return;
        var cost = new Cost(Cost.OF_POLICY, steps);
        var bound = facts.variables().with(variables, cost);
        int number = 0;
        for (var annotation : annotations) {
            long began = System.nanoTime();
            switch (annotation.value.evaluate(bound, cost)) {
                case Expression.Outcome.Value value -> {
                    var text = value.value() instanceof String said ? said.strip() : "";
                    if (!text.isEmpty()) into.annotations.put(annotation.key, text);
                }
                case Expression.Outcome.Failed failure -> {
                    var took = Duration.ofNanos(System.nanoTime() - began);
                    if (!facts.ignored()) into.failed.add(error(number, failure.told(), took));
                }
            }
            number++;
        }
    }
}
