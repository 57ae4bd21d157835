package io.navarch.admission;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Expressions;
import io.navarch.expressions.Program;
import io.navarch.expressions.Scope;
import io.navarch.expressions.value.Failure;
import io.navarch.model.Variable;
import io.navarch.objects.GoText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables of a policy: expressions that others name. Each is evaluated once at most, when it is looked at.
///
/// @param scope of those expressions that can name all of them
record NamedExpressions(List<Named> named, Scope scope) {
    private static final String VARIABLE = "variables";

    record Named(String name, Expression expression) {}

    static NamedExpressions of(List<Variable> variables, boolean parameters, Expressions expressions) {
        var call = CelEnvironment.admission();
        if (parameters) call = call.with(Parameters.VARIABLE, "dyn");
        var scope = expressions
                .scope(call)
                .naming(variables.stream().map(Variable::name).toList());
        var any = scope.comingTo();
        var named = new ArrayList<Named>();
        for (var variable : variables) {
            var expression = Expression.of(variable.expression(), any);
            named.add(new Named(variable.name(), expression));
            scope.declare(
                    variable.name(), expression.program().map(Program::type).orElse("dyn"));
        }
        return new NamedExpressions(named, scope);
    }

    /// These variables besides those of the call.
    Map<String, @Nullable Object> with(Map<String, @Nullable Object> variables, Cost cost) {
        if (named.isEmpty()) return variables;
        var all = new LinkedHashMap<>(variables);
        var values = new HashMap<String, Object>();
        all.put(VARIABLE, values);
        for (var each : named) values.put(each.name, new Once<>(() -> value(each, all, cost)));
        return all;
    }

    private static Object value(Named named, Map<String, @Nullable Object> variables, Cost cost) {
        return switch (named.expression.evaluate(variables, cost)) {
            case Expression.Outcome.Value value -> value.value();
            case Expression.Outcome.Failed failed ->
                new Failure("composited variable " + GoText.quoted(named.name) + " fails to evaluate: " + failed.why());
        };
    }
}
