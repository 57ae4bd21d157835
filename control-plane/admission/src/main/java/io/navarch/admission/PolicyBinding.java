package io.navarch.admission;

import io.navarch.model.ParamRef;
import io.navarch.model.ValidatingAdmissionPolicyBindingSpec;
import io.navarch.model.ValidationAction;
import io.navarch.objects.View;
import java.util.List;
import java.util.Optional;

/// Where a policy counts. The binding of a mutating policy has fields of a validating one's only, so it is read as one.
///
/// @param match what narrows the policy's own rules
/// @param actions what becomes of a failure
record PolicyBinding(
        String name, String policy, Optional<CallMatch> match, ParamRef parameters, List<ValidationAction> actions) {
    static PolicyBinding of(String name, View specification) {
        var spec = new ValidatingAdmissionPolicyBindingSpec(specification.value());
        return new PolicyBinding(
                name,
                spec.policyName(),
                spec.hasMatchResources() ? Optional.of(CallMatch.of(spec.matchResources())) : Optional.empty(),
                spec.paramRef(),
                spec.validationActions());
    }
}
