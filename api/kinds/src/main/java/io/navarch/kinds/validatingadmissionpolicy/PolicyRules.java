package io.navarch.kinds.validatingadmissionpolicy;

import io.navarch.expressions.CelEnvironment;
import io.navarch.expressions.Scope;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.validatingwebhookconfiguration.WebhookRules;
import io.navarch.model.ApiObject;
import io.navarch.model.Enumeration;
import io.navarch.model.MatchCondition;
import io.navarch.model.MatchResources;
import io.navarch.model.NamedRuleWithOperations;
import io.navarch.model.ParamKind;
import io.navarch.model.ParamRef;
import io.navarch.model.RuleWithOperations;
import io.navarch.model.ValidatingAdmissionPolicyBinding;
import io.navarch.model.ValidatingAdmissionPolicyBindingSpec;
import io.navarch.model.ValidationAction;
import io.navarch.model.Variable;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.ColumnList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What admission policies of both kinds, and their bindings, must be. The binding of a mutating policy has fields of a
/// validating one's only, so it is read as one.
public final class PolicyRules {
    private PolicyRules() {}

    private static final Set<String> MUTABLE = Set.of("*", "CONNECT", "CREATE", "UPDATE");

    public static String show(ParamKind kind) {
        return kind.exists() ? kind.apiVersion() + "/" + kind.kind() : "<unset>";
    }

    /// What both sorts of policies have, apart from what they do.
    public record Conditions(
            ParamKind paramKind,
            MatchResources matchConstraints,
            List<MatchCondition> matchConditions,
            List<Variable> variables) {}

    /// @return what the policy's own expressions can speak of
    public static Scope check(Conditions policy, ExpressionRules expressions) {
        var check = expressions.errors();
        var kind = policy.paramKind;
        if (kind.exists()) {
            version(kind.apiVersion(), "spec.paramKind.apiVersion", check);
            if (check.required(kind.kind(), "spec.paramKind.kind"))
                all(
                        "may have mixed case, but should otherwise match: ",
                        Names.dns1035Label(kind.kind().toLowerCase(Locale.ROOT)),
                        kind.kind(),
                        "spec.paramKind.kind",
                        check);
        }
        var constraints = policy.matchConstraints;
        if (!constraints.exists()) check.add(FieldError.required("spec.matchConstraints"));
        else {
            if (constraints.resourceRules().isEmpty())
                check.add(FieldError.required("spec.matchConstraints.resourceRules"));
            match(constraints, "spec.matchConstraints", check);
        }
        var environment = CelEnvironment.admission();
        if (kind.exists()) environment = environment.with("params", "dyn");
        var scope = ExpressionRules.scope(environment);
        WebhookRules.conditions(policy.matchConditions, "spec.matchConditions", scope, expressions);
        return variables(policy.variables, scope, expressions);
    }

    private static void version(String apiVersion, String path, Check check) {
        if (!check.required(apiVersion, path)) return;
        var parts = apiVersion.split("/", -1);
        if (parts.length > 2) {
            check.invalid(path, apiVersion, "unexpected GroupVersion string: " + apiVersion);
            return;
        }
        var group = parts.length == 2 ? parts[0] : "";
        var version = parts[parts.length - 1];
        if (!group.isEmpty()) all("", Names.dnsSubdomain(group), group, path, check);
        if (version.isEmpty()) check.invalid(path, apiVersion, "version must be specified");
        else all("", Names.dns1035Label(version), version, path, check);
    }

    private static void all(String before, List<String> wrong, String value, String path, Check check) {
        if (!wrong.isEmpty()) check.invalid(path, value, before + String.join(",", wrong));
    }

    /// Each variable can use those before it.
    private static Scope variables(List<Variable> variables, Scope call, ExpressionRules expressions) {
        var scope = call.naming(variables.stream().map(Variable::name).toList());
        var check = expressions.errors();
        int i = 0;
        for (var variable : variables) {
            var at = "spec.variables[" + i++ + "]";
            var name = variable.name();
            if (name.isBlank()) check.missing(at + ".name", "name is not specified");
            else if (!name.matches("[_a-zA-Z][_a-zA-Z0-9]*"))
                check.invalid(at + ".name", name, "must be a valid CEL identifier");
            if (variable.expression().isBlank()) {
                check.missing(at + ".expression", "expression is not specified");
                continue;
            }
            var type = expressions.check(variable.raw(Variable.EXPRESSION), at + ".expression", scope.comingTo());
            scope.declare(name, type);
        }
        return scope;
    }

    /// Only what creates and updates can be changed.
    public static void mutable(MatchResources match, String path, Check check) {
        for (var rule : match.resourceRules())
            for (var operation : rule.raw(NamedRuleWithOperations.OPERATIONS).strings())
                if (!MUTABLE.contains(operation))
                    check.notSupported(path + ".resourceRules.operations", operation, MUTABLE);
    }

    private static void match(MatchResources match, String path, Check check) {
        rules(match.resourceRules(), path + ".resourceRules", check);
        rules(match.excludeResourceRules(), path + ".excludeResourceRules", check);
    }

    private static void rules(List<NamedRuleWithOperations> rules, String path, Check check) {
        int i = 0;
        for (var rule : rules) {
            var at = path + "[" + i++ + "]";
            var seen = new HashSet<String>();
            Check.each(rule.resourceNames(), at + ".resourceNames", (name, here) -> {
                check.name(name, here, Names.pathSegment(name));
                if (!seen.add(name)) check.duplicate(here, name);
            });
            WebhookRules.rule(RuleWithOperations.of(rule.view()), at, check);
        }
    }

    public static List<FieldError> binding(ApiObject binding, boolean validating) {
        var check = new Check();
        var spec = spec(binding);
        if (check.required(spec.policyName(), "spec.policyName"))
            check.name(spec.policyName(), "spec.policyName", Names.dnsSubdomain(spec.policyName()));
        if (spec.hasParamRef()) paramRef(spec.paramRef(), check);
        match(spec.matchResources(), "spec.matchResources", check);
        if (!validating) mutable(spec.matchResources(), "spec.matchResources", check);
        if (validating)
            actions(
                    spec.raw(ValidatingAdmissionPolicyBindingSpec.VALIDATION_ACTIONS)
                            .strings(),
                    check);
        return check.errors();
    }

    private static void paramRef(ParamRef reference, Check check) {
        boolean named = !reference.name().isEmpty();
        if (named) check.name(reference.name(), "spec.paramRef.name", Names.pathSegment(reference.name()));
        if (named && reference.hasSelector())
            for (var field : List.of(ParamRef.NAME, ParamRef.SELECTOR))
                check.forbidden("spec.paramRef." + field, "name and selector are mutually exclusive");
        if (!named && !reference.hasSelector())
            check.add(FieldError.required("spec.paramRef", "one of name or selector must be specified"));
        var action = reference.raw(ParamRef.PARAMETER_NOT_FOUND_ACTION).string();
        var path = "spec.paramRef.parameterNotFoundAction";
        if (check.required(action, path)) check.listed(action, path, List.of("Deny", "Allow"));
    }

    private static void actions(List<String> actions, Check check) {
        if (actions.isEmpty()) check.missing("spec.validationActions", "at least one validation action is required");
        var known = Enumeration.texts(ValidationAction.values());
        int i = 0;
        var seen = new HashSet<String>();
        for (var action : actions) {
            var at = "spec.validationActions[" + i++ + "]";
            if (!known.contains(action)) check.add(FieldError.notSupported(at, action, known));
            if (!seen.add(action)) check.add(FieldError.duplicate(at, action));
        }
        if (seen.contains(ValidationAction.DENY.text()) && seen.contains(ValidationAction.WARN.text()))
            check.add(
                    FieldError.invalid(
                            "spec.validationActions",
                            actions,
                            "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)"));
    }

    public static void bindingColumns(ColumnList<? extends ApiObject> columns) {
        columns.name()
                .text("PolicyName", binding -> spec(binding).policyName())
                .text("ParamRef", binding -> show(spec(binding).paramRef()))
                .age();
    }

    private static ValidatingAdmissionPolicyBindingSpec spec(ApiObject binding) {
        return ValidatingAdmissionPolicyBinding.of(View.over(binding)).spec();
    }

    private static String show(ParamRef reference) {
        if (!reference.name().isEmpty())
            return (reference.hasNamespace() ? reference.namespace() : "*") + "/" + reference.name();
        return reference.hasSelector() ? Columns.selector(reference.selector()) : "<unset>";
    }
}
