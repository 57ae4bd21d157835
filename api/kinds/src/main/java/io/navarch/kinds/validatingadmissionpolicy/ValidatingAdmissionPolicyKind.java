package io.navarch.kinds.validatingadmissionpolicy;

import io.navarch.expressions.Scope;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ConditionRules;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.model.AuditAnnotation;
import io.navarch.model.Resources;
import io.navarch.model.ValidatingAdmissionPolicy;
import io.navarch.model.ValidatingAdmissionPolicyStatus;
import io.navarch.model.Validation;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// ValidatingAdmissionPolicy: expressions that writes must satisfy.
public final class ValidatingAdmissionPolicyKind {
    private static final Set<String> REASONS = Set.of("Forbidden", "Invalid", "RequestEntityTooLarge");

    private static final int MOST_ANNOTATIONS = 20;
    private static final int LONGEST_ANNOTATION = 5 << 10;

    private ValidatingAdmissionPolicyKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.VALIDATING_ADMISSION_POLICIES)
                .version(
                        types.get("V1ValidatingAdmissionPolicy"),
                        columns -> columns.name()
                                .number(
                                        "Validations",
                                        policy -> policy.spec().validations().size())
                                .text(
                                        "ParamKind",
                                        policy -> PolicyRules.show(policy.spec().paramKind()))
                                .age())
                .categories("api-extensions")
                .withStatus()
                .resetting("status", "metadata", "spec")
                .withGeneration()
                .updatedConditionally()
                .ruledBy((policy, old) -> check(policy, new ExpressionRules(old, new Check())))
                .statusRuledBy((policy, old) -> checkStatus(policy.status()))
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    private static List<FieldError> checkStatus(ValidatingAdmissionPolicyStatus status) {
        var check = new Check();
        Check.each(
                status.typeChecking().expressionWarnings(), "status.typeChecking.expressionWarnings", (warning, at) -> {
                    check.required(warning.warning(), at + ".warning");
                    check.required(warning.fieldRef().strip(), at + ".fieldRef");
                });
        ConditionRules.check(status.conditions(), "status.conditions", check);
        return check.errors();
    }

    private static List<FieldError> check(ValidatingAdmissionPolicy policy, ExpressionRules expressions) {
        var check = expressions.errors();
        var spec = policy.spec();
        var scope = PolicyRules.check(
                new PolicyRules.Conditions(
                        spec.paramKind(), spec.matchConstraints(), spec.matchConditions(), spec.variables()),
                expressions);
        if (spec.validations().isEmpty() && spec.auditAnnotations().isEmpty()) {
            for (var path : List.of("spec.validations", "spec.auditAnnotations"))
                check.add(FieldError.required(path, "validations or auditAnnotations must contain at least one item"));
        }
        int i = 0;
        for (var validation : spec.validations())
            validation(validation, "spec.validations[" + i++ + "]", scope, expressions);
        annotations(policy, scope, expressions);
        return check.errors();
    }

    private static void validation(Validation validation, String at, Scope scope, ExpressionRules expressions) {
        var check = expressions.errors();
        if (validation.expression().isBlank())
            check.add(FieldError.required(at + ".expression", "expression is not specified"));
        else expressions.check(validation.raw(Validation.EXPRESSION), at + ".expression", scope);
        if (validation.hasMessageExpression())
            expressions.check(
                    validation.raw(Validation.MESSAGE_EXPRESSION), at + ".messageExpression", scope.comingTo("string"));
        check.oneOf(validation.raw(Validation.REASON), at + ".reason", REASONS);
        if (validation.message().contains("\n"))
            check.add(FieldError.invalid(at + ".message", validation.message(), "must not contain line breaks"));
    }

    private static void annotations(ValidatingAdmissionPolicy policy, Scope scope, ExpressionRules expressions) {
        var check = expressions.errors();
        var keys = new HashSet<String>();
        var all = policy.spec().auditAnnotations();
        if (all.size() > MOST_ANNOTATIONS)
            check.invalid(
                    "spec.auditAnnotations",
                    all.stream().map(each -> each.view().map()).toList(),
                    "must not have more than " + MOST_ANNOTATIONS + " auditAnnotations");
        int i = 0;
        for (var annotation : policy.spec().auditAnnotations()) {
            var at = "spec.auditAnnotations[" + i++ + "]";
            var key = annotation.key();
            var whole = policy.name() + "/" + key;
            if (policy.name().isEmpty()) check.invalid(at + ".key", key, "requires metadata.name be non-empty");
            else check.name(whole, at + ".key", Names.qualifiedName(whole));
            var value = annotation.raw(AuditAnnotation.VALUE_EXPRESSION);
            var text = value.string().strip();
            if (text.isEmpty()) check.missing(at + ".valueExpression", "valueExpression is not specified");
            else if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_ANNOTATION)
                check.missing(at + ".valueExpression", "must not exceed " + LONGEST_ANNOTATION + " bytes in length");
            else expressions.check(value, at + ".valueExpression", scope.comingTo("string", "null"));
            if (!keys.add(key)) check.duplicate(at + ".key", key);
        }
    }
}
