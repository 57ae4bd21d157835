package io.navarch.kinds.mutatingadmissionpolicybinding;

import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingadmissionpolicy.PolicyRules;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// MutatingAdmissionPolicyBinding: which calls a mutating policy is asked about.
public final class MutatingAdmissionPolicyBindingKind {
    private MutatingAdmissionPolicyBindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.MUTATING_ADMISSION_POLICY_BINDINGS)
                .version(types.get("V1MutatingAdmissionPolicyBinding"), PolicyRules::bindingColumns)
                .categories("api-extensions")
                .withGeneration()
                .updatedConditionally()
                .ruledBy((binding, old) -> PolicyRules.binding(binding, false))
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }
}
