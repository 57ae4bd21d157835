package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.schema.admission.Operation;

/// A claim may only grow, and only when its class allows it.
public final class PersistentVolumeClaimResize implements Admission.Validating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is(Resources.PERSISTENT_VOLUME_CLAIMS)
                && call.operation() == Operation.UPDATE
                && call.subresource().isEmpty();
    }

    @Override
    public void validate(Admission.Attributes call, View object, View before, Admission.Lookup lookup) {
        var claim = PersistentVolumeClaim.of(object);
        var old = PersistentVolumeClaim.of(before);
        if (Claims.requested(claim.spec()).compareTo(Claims.requested(old.spec())) <= 0) return;
        if (old.status().phase() != PersistentVolumeClaimPhase.BOUND)
            throw refused(call, "Only bound persistent volume claims can be expanded");
        var name = claim.spec().storageClassName();
        var storageClass =
                name.isEmpty() ? Resources.STORAGE_CLASSES.absent() : lookup.get(Resources.STORAGE_CLASSES, "", name);
        if (!storageClass.allowVolumeExpansion())
            throw refused(
                    call,
                    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return ApiException.forbidden(call.resource(), "", call.name(), why);
    }
}
