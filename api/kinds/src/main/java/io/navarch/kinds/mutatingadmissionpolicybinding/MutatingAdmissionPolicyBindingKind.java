package io.navarch.kinds.mutatingadmissionpolicybinding;

import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingadmissionpolicy.PolicyRules;
import io.navarch.model.ValidatingAdmissionPolicyBinding;
import io.navarch.schema.KindDefinition;

/// MutatingAdmissionPolicyBinding: which calls a mutating policy is asked about.
public final class MutatingAdmissionPolicyBindingKind {
    private MutatingAdmissionPolicyBindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of(
                        "admissionregistration.k8s.io",
                        "MutatingAdmissionPolicyBinding",
                        "mutatingadmissionpolicybindings")
                .version("v1", types.get("V1MutatingAdmissionPolicyBinding"), PolicyRules.bindingColumns())
                .categories("api-extensions")
                .clusterScoped()
                .withGeneration()
                .updatedConditionally()
                .ruledBy((binding, old) -> PolicyRules.binding(
                        ValidatingAdmissionPolicyBinding.of(binding).spec(), false));
    }
}
