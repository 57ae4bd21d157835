package io.navarch.kinds.validatingadmissionpolicy;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// ValidatingAdmissionPolicy.
public final class ValidatingAdmissionPolicyKind {
    private ValidatingAdmissionPolicyKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(
                        "admissionregistration.k8s.io", "ValidatingAdmissionPolicy", "validatingadmissionpolicies")
                .version(
                        "v1",
                        types.get("V1ValidatingAdmissionPolicy"),
                        Columns.NAME,
                        Columns.number("Validations", p ->
                                (long) p.spec().get("validations").list().size()),
                        Columns.text("ParamKind", p -> PolicyRules.paramKind(p)),
                        Columns.AGE)
                .names("validatingadmissionpolicy", "ValidatingAdmissionPolicyList")
                .categories("api-extensions")
                .clusterScoped()
                .withStatus()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((policy, old) -> {
                    var check = new Check();
                    var spec = policy.spec();
                    var expressions = new ExpressionRules(old, check);
                    var environment = PolicyRules.policy(spec, expressions);
                    if (spec.get("validations").list().isEmpty()
                            && spec.get("auditAnnotations").list().isEmpty()) {
                        for (var field : List.of("validations", "auditAnnotations"))
                            check.add(FieldError.required(
                                    "spec." + field, "validations or auditAnnotations must contain at least one item"));
                    }
                    int i = 0;
                    for (var validation : spec.get("validations").views()) {
                        var at = "spec.validations[" + i++ + "]";
                        if (validation.get("expression").string().isBlank())
                            check.add(FieldError.required(at + ".expression", "expression is not specified"));
                        else expressions.check(validation.get("expression"), at + ".expression", environment);
                        if (validation.get("messageExpression").exists())
                            expressions.check(
                                    validation.get("messageExpression"),
                                    at + ".messageExpression",
                                    environment.comingTo("string"));
                        check.oneOf(
                                validation.get("reason"),
                                at + ".reason",
                                Set.of("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"));
                        if (validation.get("message").string().contains("\n"))
                            check.add(FieldError.invalid(
                                    at + ".message",
                                    validation.get("message").string(),
                                    "message must not contain line breaks"));
                    }
                    i = 0;
                    var keys = new HashSet<String>();
                    for (var annotation : spec.get("auditAnnotations").views()) {
                        var at = "spec.auditAnnotations[" + i++ + "]";
                        var key = annotation.get("key").string();
                        if (key.isEmpty()) check.add(FieldError.required(at + ".key", "key is not specified"));
                        else check.name(key, at + ".key", Names.qualifiedName(policy.name() + "/" + key));
                        if (!keys.add(key)) check.add(FieldError.duplicate(at + ".key", key));
                        expressions.check(
                                annotation.get("valueExpression"),
                                at + ".valueExpression",
                                environment.comingTo("string", "null"));
                    }
                    return check.errors();
                });
    }
}
