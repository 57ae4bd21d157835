package io.navarch.controllers.admissionpolicystatus;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.List;

/// Says of which generation a policy has been looked at.
///
/// Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#type-checking
public final class ValidatingAdmissionPolicyStatusController implements LegacyController<View> {
    @Override
    public String name() {
        return "validatingadmissionpolicy-status-controller";
    }

    @Override
    public List<Input> inputs() {
        return List.of(new Input(Resources.VALIDATING_ADMISSION_POLICIES.untyped(), LegacyController::self));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("admissionregistration.k8s.io", "validatingadmissionpolicies/status", "patch"));
    }

    @Override
    public View look(Caches caches, ObjectKey key) {
        var policy =
                caches.of(Resources.VALIDATING_ADMISSION_POLICIES.untyped()).get(key);
        return policy.exists() && !policy.deleting() ? policy : null;
    }

    @Override
    public Decision decide(View policy, Instant now) {
        long generation = policy.metadata().get("generation").longOr(0);
        if (policy.status().get("observedGeneration").longOr(0) >= generation) return Decision.NOTHING;
        return Decision.of(List.of(new Action.Patch(
                Resources.VALIDATING_ADMISSION_POLICIES.untyped(),
                policy.key(),
                "status",
                Trees.map("status", Trees.map("observedGeneration", generation, "typeChecking", Trees.map())))));
    }
}
