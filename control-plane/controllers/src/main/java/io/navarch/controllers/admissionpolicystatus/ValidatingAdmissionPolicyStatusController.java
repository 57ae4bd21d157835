package io.navarch.controllers.admissionpolicystatus;

import io.navarch.client.Caches;
import io.navarch.kinds.validatingadmissionpolicy.PolicyTypeCheck;
import io.navarch.kinds.validatingadmissionpolicy.PolicyTypeCheck.PublishedKind;
import io.navarch.model.ExpressionWarning;
import io.navarch.model.Resources;
import io.navarch.model.TypeChecking;
import io.navarch.model.ValidatingAdmissionPolicy;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Says which expressions of a policy do not fit the kinds that it is asked about, and which generation has been
/// checked.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#type-checking
public final class ValidatingAdmissionPolicyStatusController
        implements Controller<ValidatingAdmissionPolicyStatusController.Seen> {
    private static final String FIELD_MANAGER = "validatingadmissionpolicy-status";

    /// A policy that has not been checked, and what is published of the kinds that it names.
    ///
    /// @param kinds in the order in which warnings tell them
    public record Seen(
            ValidatingAdmissionPolicy policy, List<PublishedKind> kinds, Optional<PublishedKind> parameters) {}

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("validatingadmissionpolicy-status-controller")
                .queue(FIELD_MANAGER)
                .watches(Resources.VALIDATING_ADMISSION_POLICIES, Controller::self)
                .may("admissionregistration.k8s.io", "validatingadmissionpolicies/status", "patch")
                .build();
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var policy = caches.of(Resources.VALIDATING_ADMISSION_POLICIES).get(key);
        return policy.exists()
                        && policy.status().observedGeneration()
                                < policy.metadata().generation()
                ? Optional.of(new Seen(policy, List.of(), Optional.empty()))
                : Optional.empty();
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var policy = seen.policy;
        var warnings = PolicyTypeCheck.warnings(policy, seen.kinds, seen.parameters);
        var checked = ValidatingAdmissionPolicy.builder()
                .metadata(metadata -> metadata.name(policy.name()))
                .status(status -> status.observedGeneration(policy.metadata().generation())
                        .typeChecking(checked(warnings)))
                .build();
        return Decision.of(new Action.Apply(Resources.VALIDATING_ADMISSION_POLICIES, checked, "status", FIELD_MANAGER));
    }

    private static TypeChecking checked(List<ExpressionWarning> warnings) {
        var checked = TypeChecking.builder();
        if (!warnings.isEmpty()) checked.expressionWarnings(warnings);
        return checked.build();
    }
}
