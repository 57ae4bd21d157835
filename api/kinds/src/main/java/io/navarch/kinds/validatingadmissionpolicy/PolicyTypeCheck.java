package io.navarch.kinds.validatingadmissionpolicy;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Scope;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.model.ExpressionWarning;
import io.navarch.model.ValidatingAdmissionPolicy;
import io.navarch.model.Variable;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is wrong with a policy's expressions for the kinds that it is meant for. They are stored all the same.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#type-checking
public final class PolicyTypeCheck {
    /// Warnings have so many signs at most altogether: they are kept in the policy's status.
    private static final int LONGEST_WARNINGS = 1 << 19;

    /// Of so many variables it is known what they come to.
    private static final int MOST_VARIABLES = 200;

    /// A kind, and the document that describes its objects.
    ///
    /// @param version the group and its version, as documents are found by it: `apps/v1`, or `v1`
    public record PublishedKind(String version, String kind, View document) {
        private Optional<PublishedTypes.Type> type(int number) {
            int slash = version.indexOf('/');
            for (var schema : document.get("components", "schemas").map().values())
                for (var named :
                        View.of(schema).get("x-kubernetes-group-version-kind").views())
                    if (named.get("kind").string().equals(kind)
                            && named.get("group").string().equals(version.substring(0, Math.max(0, slash)))
                            && named.get("version").string().equals(version.substring(slash + 1)))
                        return PublishedTypes.of(document, View.of(schema), kind + number);
            return Optional.empty();
        }

        @Override
        public String toString() {
            return (version.contains("/") ? version : "/" + version) + ", Kind=" + kind;
        }
    }

    private record Checked(PublishedKind kind, Scope check) {}

    private final List<Checked> all = new ArrayList<>();
    private final List<ExpressionWarning> warnings = new ArrayList<>();
    private int length;

    private PolicyTypeCheck(
            ValidatingAdmissionPolicy policy, List<PublishedKind> kinds, Optional<PublishedKind> parameters) {
        var environment = CelEnvironment.admission().without("authorizer.requestResource");
        if (policy.spec().paramKind().exists()) {
            var type = parameters.flatMap(kind -> kind.type(kinds.size()));
            environment = environment
                    .knowing(type.map(PublishedTypes.Type::structures).orElse(Map.of()))
                    .with("params", type.map(PublishedTypes.Type::name).orElse("dyn"));
        }
        int number = 0;
        for (var kind : kinds) {
            var type = kind.type(number++);
            if (type.isPresent()) all.add(new Checked(kind, check(policy, environment, type.get())));
        }
    }

    private static Scope check(ValidatingAdmissionPolicy policy, CelEnvironment parameters, PublishedTypes.Type type) {
        var environment = parameters
                .knowing(type.structures())
                .with("object", type.name())
                .with("oldObject", type.name());
        var variables = policy.spec().variables();
        var scope = ExpressionRules.scope(environment)
                .naming(variables.stream().map(Variable::name).toList());
        int left = MOST_VARIABLES;
        for (var variable : variables) {
            boolean typed = left-- > 0;
            scope.declare(
                    variable.name(), typed ? scope.check(variable.expression()).type() : "dyn");
        }
        return scope;
    }

    /// @param kinds whose objects the policy is asked about
    /// @param parameters the kind of the policy's parameters, if it is served
    public static List<ExpressionWarning> warnings(
            ValidatingAdmissionPolicy policy, List<PublishedKind> kinds, Optional<PublishedKind> parameters) {
        var check = new PolicyTypeCheck(policy, kinds, parameters);
        int i = 0;
        for (var validation : policy.spec().validations()) {
            var at = "spec.validations[" + i++ + "]";
            check.warn(validation.expression(), at + ".expression");
            if (validation.hasMessageExpression())
                check.warn(validation.messageExpression(), at + ".messageExpression");
        }
        return check.warnings;
    }

    private void warn(String expression, String field) {
        if (length >= LONGEST_WARNINGS) return;
        var found = new ArrayList<String>();
        for (var each : all) {
            var error = each.check.check(expression).error();
            if (!error.isEmpty()) found.add(each.kind + ": " + error + "\n");
        }
        if (found.isEmpty()) return;
        var text = String.join("\n", found);
        length += text.length();
        warnings.add(ExpressionWarning.builder().fieldRef(field).warning(text).build());
    }
}
