package io.navarch.authorization;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Says of a call whether a webhook is to be asked about it: when none of some expressions says no.
record MatchConditions(List<Condition> conditions) {
    static final MatchConditions NONE = new MatchConditions(List.of());

    /// What expressions can use.
    static final CelEnvironment ENVIRONMENT = environment();

    record Condition(String expression, Program program) {}

    /// @param matches false when one says no
    /// @param errors of those that could not be evaluated, as long as none has said no
    record Outcome(boolean matches, List<String> errors) {}

    private static CelEnvironment environment() {
        var selector = Map.of("rawSelector", "string", "requirements", "list<kubernetes.SelectorRequirement>");
        return new CelEnvironment(
                Map.of("request", "kubernetes.SubjectAccessReviewSpec"),
                Map.of(
                        "kubernetes.SubjectAccessReviewSpec",
                        Map.of(
                                "resourceAttributes", "kubernetes.ResourceAttributes",
                                "nonResourceAttributes", "kubernetes.NonResourceAttributes",
                                "user", "string",
                                "groups", "list<string>",
                                "extra", "map<string,list<string>>",
                                "uid", "string"),
                        "kubernetes.ResourceAttributes",
                        Map.of(
                                "namespace", "string",
                                "verb", "string",
                                "group", "string",
                                "version", "string",
                                "resource", "string",
                                "subresource", "string",
                                "name", "string",
                                "fieldSelector", "kubernetes.FieldSelectorAttributes",
                                "labelSelector", "kubernetes.LabelSelectorAttributes"),
                        "kubernetes.NonResourceAttributes",
                        Map.of("path", "string", "verb", "string"),
                        "kubernetes.FieldSelectorAttributes",
                        selector,
                        "kubernetes.LabelSelectorAttributes",
                        selector,
                        "kubernetes.SelectorRequirement",
                        Map.of("key", "string", "operator", "string", "values", "list<string>")),
                List.of("bool"),
                false);
    }

    /// @param request as [AccessReview#variable] has it
    Outcome evaluate(Map<String, Object> request) {
        var errors = new ArrayList<String>();
        for (var condition : conditions) {
            try {
                if (!Boolean.TRUE.equals(condition.program.evaluate(Map.of("request", request))))
                    return new Outcome(false, List.of());
            } catch (Program.EvaluationException e) {
                errors.add("cel evaluation error: expression '" + condition.expression + "' resulted in error: "
                        + e.getMessage());
            }
        }
        return new Outcome(errors.isEmpty(), errors);
    }
}
