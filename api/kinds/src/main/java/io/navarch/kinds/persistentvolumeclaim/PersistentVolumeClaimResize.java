package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.objects.ApiException;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;

/// A claim may only grow when its class allows it.
public final class PersistentVolumeClaimResize implements Admission.Validating {
    @Override
    public boolean handles(Admission.Attributes call) {
        return call.is("", "persistentvolumeclaims")
                && call.operation().equals("UPDATE")
                && call.subresource().isEmpty();
    }

    @Override
    public void validate(Admission.Attributes call, View claim, View old, Admission.Lookup lookup) {
        var now = size(claim);
        var before = size(old);
        if (now.compareTo(before) <= 0) return;
        if (!old.status().get("phase").string().equals("Bound"))
            throw refused(call, "Only bound persistent volume claims can be expanded");
        var name = claim.spec().get("storageClassName").string();
        var storageClass = name.isEmpty() ? View.of(null) : lookup.get("storage.k8s.io", "storageclasses", "", name);
        if (!storageClass.get("allowVolumeExpansion").bool())
            throw refused(
                    call,
                    "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }

    private static Quantity size(View claim) {
        return Quantity.parseOr(
                claim.spec().get("resources", "requests", "storage").value(), Quantity.ZERO);
    }

    private static ApiException refused(Admission.Attributes call, String why) {
        return ApiException.forbidden(call.resource(), "", call.name(), why);
    }
}
