package io.navarch.kinds.mutatingadmissionpolicy;

import io.navarch.expressions.Environment;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.support.ExpressionRules;
import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingadmissionpolicy.PolicyRules;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.Set;

/// MutatingAdmissionPolicy.
public final class MutatingAdmissionPolicyKind {
    private MutatingAdmissionPolicyKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("admissionregistration.k8s.io", "MutatingAdmissionPolicy", "mutatingadmissionpolicies")
                .version(
                        "v1",
                        types.get("V1MutatingAdmissionPolicy"),
                        Columns.NAME,
                        Columns.number("Mutations", p ->
                                (long) p.spec().get("mutations").list().size()),
                        Columns.text("ParamKind", p -> PolicyRules.paramKind(p)),
                        Columns.AGE)
                .names("mutatingadmissionpolicy", "MutatingAdmissionPolicyList")
                .categories("api-extensions")
                .clusterScoped()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((policy, old) -> {
                    var check = new Check();
                    var spec = policy.spec();
                    var expressions = new ExpressionRules(old, check);
                    var environment = PolicyRules.policy(spec, expressions);
                    if (spec.get("mutations").list().isEmpty())
                        check.add(FieldError.required("spec.mutations", "mutations must contain at least one item"));
                    if (spec.get("reinvocationPolicy").string().isEmpty())
                        check.add(FieldError.required("spec.reinvocationPolicy"));
                    int i = 0;
                    for (var mutation : spec.get("mutations").views())
                        mutation(mutation, "spec.mutations[" + i++ + "]", environment, expressions);
                    return check.errors();
                });
    }

    private static void mutation(View mutation, String at, Environment environment, ExpressionRules expressions) {
        var check = expressions.errors();
        var type = mutation.get("patchType").string();
        var types = Set.of("ApplyConfiguration", "JSONPatch");
        if (type.isEmpty()) {
            check.add(FieldError.required(at + ".patchType"));
            return;
        }
        if (!types.contains(type)) {
            check.add(FieldError.notSupported(at + ".patchType", type, types));
            return;
        }
        boolean apply = type.equals("ApplyConfiguration");
        var wanted = apply ? "applyConfiguration" : "jsonPatch";
        var other = apply ? "jsonPatch" : "applyConfiguration";
        if (!mutation.get(wanted).exists())
            check.add(FieldError.required(at + "." + wanted, "must be specified when patchType is " + type));
        else
            expressions.check(
                    mutation.get(wanted, "expression"),
                    at + "." + wanted + ".expression",
                    apply ? environment.buildingObjects() : environment.comingTo("list<JSONPatch>"));
        if (mutation.get(other).exists())
            check.add(FieldError.invalid(
                    at + "." + other, mutation.get(other).map(), "must not be specified when patchType is " + type));
    }
}
