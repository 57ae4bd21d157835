package io.navarch.kinds.validatingadmissionpolicy;

import io.navarch.expressions.Environment;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.validatingwebhookconfiguration.WebhookRules;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition.Column;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What admission policies of both kinds, and their bindings, must be.
public final class PolicyRules {
    private PolicyRules() {}

    public static String paramKind(View policy) {
        var kind = policy.spec().get("paramKind");
        return kind.exists()
                ? kind.get("apiVersion").string() + "/" + kind.get("kind").string()
                : "<unset>";
    }

    /// What both sorts of policies have.
    ///
    /// @return what the policy's own expressions can speak of
    public static Environment policy(View spec, ExpressionRules expressions) {
        var check = expressions.errors();
        var kind = spec.get("paramKind");
        if (kind.exists()) {
            check.required(kind.get("apiVersion"), "spec.paramKind.apiVersion");
            check.required(kind.get("kind"), "spec.paramKind.kind");
        }
        var constraints = spec.get("matchConstraints");
        if (!constraints.exists()) check.add(FieldError.required("spec.matchConstraints"));
        else {
            if (constraints.get("resourceRules").list().isEmpty())
                check.add(FieldError.required("spec.matchConstraints.resourceRules"));
            match(constraints, "spec.matchConstraints", check);
        }
        var environment = Environment.admission();
        if (kind.exists()) environment = environment.with("params", "dyn");
        WebhookRules.conditions(spec.get("matchConditions"), "spec.matchConditions", environment, expressions);
        var names = new HashSet<String>();
        int i = 0;
        for (var variable : spec.get("variables").views()) {
            var at = "spec.variables[" + i++ + "]";
            var name = variable.get("name").string();
            if (check.required(variable.get("name"), at + ".name")) {
                if (!name.matches("[_a-zA-Z][_a-zA-Z0-9]*"))
                    check.add(FieldError.invalid(at + ".name", name, "name is not a valid CEL identifier"));
                if (!names.add(name)) check.add(FieldError.duplicate(at + ".name", name));
            }
            var type = expressions.check(variable.get("expression"), at + ".expression", environment.comingTo());
            environment = environment.with("variables." + name, type);
        }
        return environment;
    }

    private static void match(View match, String path, Check check) {
        for (var field : List.of("resourceRules", "excludeResourceRules")) {
            int i = 0;
            for (var rule : match.get(field).views())
                WebhookRules.rule(rule, path + "." + field + "[" + i++ + "]", check);
        }
    }

    public static List<FieldError> binding(View binding, boolean validating) {
        var check = new Check();
        var spec = binding.spec();
        if (check.required(spec.get("policyName"), "spec.policyName"))
            check.name(
                    spec.get("policyName").string(),
                    "spec.policyName",
                    Names.dnsSubdomain(spec.get("policyName").string()));
        var reference = spec.get("paramRef");
        if (reference.exists()) {
            boolean named = !reference.get("name").string().isEmpty();
            boolean selected = reference.get("selector").exists();
            if (named == selected)
                check.add(
                        named
                                ? FieldError.forbidden("spec.paramRef.name", "name and selector are mutually exclusive")
                                : FieldError.required("spec.paramRef", "one of name or selector must be specified"));
            if (!reference.get("parameterNotFoundAction").exists())
                check.add(FieldError.required("spec.paramRef.parameterNotFoundAction"));
        }
        match(spec.get("matchResources"), "spec.matchResources", check);
        if (!validating) return check.errors();
        var actions = spec.get("validationActions").strings();
        if (actions.isEmpty()) check.add(FieldError.required("spec.validationActions"));
        int i = 0;
        var seen = new HashSet<String>();
        for (var action : actions) {
            var at = "spec.validationActions[" + i++ + "]";
            if (!Set.of("Audit", "Deny", "Warn").contains(action))
                check.add(FieldError.notSupported(at, action, Set.of("Audit", "Deny", "Warn")));
            if (!seen.add(action)) check.add(FieldError.duplicate(at, action));
        }
        if (seen.contains("Deny") && seen.contains("Warn"))
            check.add(
                    FieldError.invalid(
                            "spec.validationActions",
                            actions,
                            "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)"));
        return check.errors();
    }

    public static Column[] bindingColumns() {
        return new Column[] {
            Columns.NAME,
            Columns.at("PolicyName", "spec.policyName"),
            Columns.text("ParamRef", PolicyRules::paramRef),
            Columns.AGE
        };
    }

    private static String paramRef(View binding) {
        var reference = binding.spec().get("paramRef");
        if (!reference.exists()) return "<unset>";
        if (!reference.get("name").string().isEmpty())
            return reference.get("namespace").exists()
                    ? reference.get("namespace").string() + "/"
                            + reference.get("name").string()
                    : "*/" + reference.get("name").string();
        return reference.get("selector").exists() ? Columns.selector(reference.get("selector")) : "<unset>";
    }
}
