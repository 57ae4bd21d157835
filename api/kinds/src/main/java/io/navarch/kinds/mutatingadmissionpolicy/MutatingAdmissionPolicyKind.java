package io.navarch.kinds.mutatingadmissionpolicy;

import io.navarch.expressions.Scope;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingadmissionpolicy.PolicyRules;
import io.navarch.model.ApplyConfiguration;
import io.navarch.model.Enumeration;
import io.navarch.model.JSONPatch;
import io.navarch.model.MutatingAdmissionPolicySpec;
import io.navarch.model.Mutation;
import io.navarch.model.MutationPatchType;
import io.navarch.model.ReinvocationPolicy;
import io.navarch.model.Resources;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.List;

/// MutatingAdmissionPolicy: expressions that change what is written.
public final class MutatingAdmissionPolicyKind {
    private MutatingAdmissionPolicyKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.MUTATING_ADMISSION_POLICIES)
                .version(
                        types.get("V1MutatingAdmissionPolicy"),
                        columns -> columns.name()
                                .number(
                                        "Mutations",
                                        policy -> policy.spec().mutations().size())
                                .text(
                                        "ParamKind",
                                        policy -> PolicyRules.show(policy.spec().paramKind()))
                                .age())
                .categories("api-extensions")
                .withGeneration()
                .updatedConditionally()
                .ruledBy((policy, old) -> check(policy.spec(), new ExpressionRules(old, new Check())))
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }

    private static List<FieldError> check(MutatingAdmissionPolicySpec spec, ExpressionRules expressions) {
        var check = expressions.errors();
        var scope = PolicyRules.check(
                new PolicyRules.Conditions(
                        spec.paramKind(), spec.matchConstraints(), spec.matchConditions(), spec.variables()),
                expressions);
        PolicyRules.mutable(spec.matchConstraints(), "spec.matchConstraints", check);
        if (spec.mutations().isEmpty())
            check.add(FieldError.required("spec.mutations", "mutations must contain at least one item"));
        if (spec.reinvocationPolicy() == ReinvocationPolicy.UNSET)
            check.add(FieldError.required("spec.reinvocationPolicy"));
        int i = 0;
        for (var mutation : spec.mutations()) mutation(mutation, "spec.mutations[" + i++ + "]", scope, expressions);
        return check.errors();
    }

    private static void mutation(Mutation mutation, String at, Scope scope, ExpressionRules expressions) {
        var check = expressions.errors();
        switch (mutation.patchType()) {
            case UNSET -> check.add(FieldError.required(at + ".patchType"));
            case UNRECOGNIZED ->
                check.add(FieldError.notSupported(
                        at + ".patchType",
                        mutation.raw(Mutation.PATCH_TYPE).string(),
                        Enumeration.texts(MutationPatchType.values())));
            case APPLY_CONFIGURATION -> {
                wanted(
                        mutation,
                        Mutation.APPLY_CONFIGURATION,
                        mutation.applyConfiguration().raw(ApplyConfiguration.EXPRESSION),
                        at,
                        scope.buildingObjects(),
                        expressions);
                unwanted(mutation, Mutation.JSON_PATCH, at, check);
            }
            case JSON_PATCH -> {
                wanted(
                        mutation,
                        Mutation.JSON_PATCH,
                        mutation.jsonPatch().raw(JSONPatch.EXPRESSION),
                        at,
                        scope.comingTo("list<JSONPatch>"),
                        expressions);
                unwanted(mutation, Mutation.APPLY_CONFIGURATION, at, check);
            }
        }
    }

    private static void wanted(
            Mutation mutation, String field, View expression, String at, Scope scope, ExpressionRules expressions) {
        if (mutation.raw(field).exists()) expressions.check(expression, at + "." + field + ".expression", scope);
        else
            expressions
                    .errors()
                    .add(FieldError.required(
                            at + "." + field, "must be specified when patchType is " + mutation.patchType()));
    }

    private static void unwanted(Mutation mutation, String field, String at, Check check) {
        var other = mutation.raw(field);
        if (other.exists())
            check.add(FieldError.invalid(
                    at + "." + field,
                    "{" + field + "}",
                    "must not be specified when patchType is " + mutation.patchType()));
    }
}
