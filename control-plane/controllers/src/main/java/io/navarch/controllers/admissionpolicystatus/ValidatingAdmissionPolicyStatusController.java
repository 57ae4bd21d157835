package io.navarch.controllers.admissionpolicystatus;

import io.navarch.client.Caches;
import io.navarch.model.Resources;
import io.navarch.model.TypeChecking;
import io.navarch.model.ValidatingAdmissionPolicy;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.Optional;

/// Records which generation of a policy has been type-checked.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#type-checking
public final class ValidatingAdmissionPolicyStatusController implements Controller<ValidatingAdmissionPolicy> {
    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("validatingadmissionpolicy-status-controller")
                .watches(Resources.VALIDATING_ADMISSION_POLICIES, Controller::self)
                .may("admissionregistration.k8s.io", "validatingadmissionpolicies/status", "patch")
                .build();
    }

    @Override
    public Optional<ValidatingAdmissionPolicy> observe(Caches caches, ObjectKey key) {
        var policy = caches.of(Resources.VALIDATING_ADMISSION_POLICIES).get(key);
        return policy.exists() && !policy.deleting() ? Optional.of(policy) : Optional.empty();
    }

    @Override
    public Decision decide(ValidatingAdmissionPolicy policy, Instant now) {
        long generation = policy.metadata().generation();
        if (policy.status().observedGeneration() >= generation) return Decision.NOTHING;
        var checked = ValidatingAdmissionPolicy.builder()
                .status(status -> status.observedGeneration(generation)
                        .typeChecking(TypeChecking.builder().build()))
                .build();
        return Decision.of(Action.Patch.ofStatus(Resources.VALIDATING_ADMISSION_POLICIES, policy, checked));
    }
}
