package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.PersistentVolumeClaimStatus;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import java.util.List;
import java.util.Set;

/// Rules of a claim's status.
record ClaimStatusRules(Check check) {
    private static final Set<String> RESIZING = Set.of(
            "ControllerResizeInProgress",
            "ControllerResizeInfeasible",
            "NodeResizePending",
            "NodeResizeInProgress",
            "NodeResizeInfeasible");

    static List<FieldError> check(PersistentVolumeClaimStatus status) {
        var rules = new ClaimStatusRules(new Check());
        status.capacity().forEach((name, amount) -> rules.amount(amount, "status.capacity[" + name + "]"));
        var path = "status.allocatedResourceStatuses";
        status.raw(PersistentVolumeClaimStatus.ALLOCATED_RESOURCE_STATUSES)
                .map()
                .forEach((name, state) -> {
                    rules.key(name, path);
                    // The original shows the name.
                    if (!RESIZING.contains(String.valueOf(state))) rules.check.notSupported(path, name, RESIZING);
                });
        status.allocatedResources().forEach((name, amount) -> {
            var at = "status.allocatedResources";
            if (rules.key(name, at)) rules.amount(amount, at + "[" + name + "]");
        });
        return rules.check.errors();
    }

    private void amount(Quantity amount, String path) {
        if (amount.negative()) check.invalid(path, amount.units(), "must be a valid resource quantity");
    }

    /// Of Kubernetes' own resources only storage can be resized.
    private boolean key(String name, String path) {
        var wrong = Names.qualifiedName(name);
        check.name(name, path, wrong);
        if (!wrong.isEmpty()) return false;
        boolean own = !name.contains("/") || name.contains("kubernetes.io/");
        boolean other = own && !name.equals(ResourceNames.STORAGE);
        if (other) check.notSupported(path, name, Set.of(ResourceNames.STORAGE));
        return !other;
    }
}
