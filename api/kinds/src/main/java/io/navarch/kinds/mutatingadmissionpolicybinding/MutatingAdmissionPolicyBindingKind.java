package io.navarch.kinds.mutatingadmissionpolicybinding;

import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingadmissionpolicy.PolicyRules;
import io.navarch.schema.KindDefinition;

/// MutatingAdmissionPolicyBinding.
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
                .ruledBy((binding, old) -> PolicyRules.binding(binding, false));
    }
}
