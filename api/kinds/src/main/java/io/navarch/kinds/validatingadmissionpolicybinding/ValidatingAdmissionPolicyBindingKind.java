package io.navarch.kinds.validatingadmissionpolicybinding;

import io.navarch.kinds.types.Types;
import io.navarch.kinds.validatingadmissionpolicy.PolicyRules;
import io.navarch.model.Resources;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// ValidatingAdmissionPolicyBinding: which calls a validating policy is asked about, and what a failure does.
public final class ValidatingAdmissionPolicyBindingKind {
    private ValidatingAdmissionPolicyBindingKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.VALIDATING_ADMISSION_POLICY_BINDINGS)
                .version(types.get("V1ValidatingAdmissionPolicyBinding"), PolicyRules::bindingColumns)
                .categories("api-extensions")
                .withGeneration()
                .updatedConditionally()
                .ruledBy((binding, old) -> PolicyRules.binding(binding, true))
                .withAnyFinalizers()
                .checkingUpdates(MetadataCheck.FORM)
                .build();
    }
}
