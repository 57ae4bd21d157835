package io.navarch.kinds.validatingadmissionpolicybinding;

import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingadmissionpolicy.PolicyRules;
import io.navarch.model.ValidatingAdmissionPolicyBinding;
import io.navarch.schema.KindDefinition;

/// ValidatingAdmissionPolicyBinding: which calls a validating policy is asked about, and what a failure does.
public final class ValidatingAdmissionPolicyBindingKind {
    private ValidatingAdmissionPolicyBindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(
                        "admissionregistration.k8s.io",
                        "ValidatingAdmissionPolicyBinding",
                        "validatingadmissionpolicybindings")
                .version("v1", types.get("V1ValidatingAdmissionPolicyBinding"), PolicyRules.bindingColumns())
                .categories("api-extensions")
                .clusterScoped()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((binding, old) -> PolicyRules.binding(
                        ValidatingAdmissionPolicyBinding.of(binding).spec(), true));
    }
}
