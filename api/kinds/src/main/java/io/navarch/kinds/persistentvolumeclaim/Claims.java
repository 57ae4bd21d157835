package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimSpec;
import io.navarch.objects.Quantity;

/// How much storage a claim asks for and has.
public final class Claims {
    private Claims() {}

    public static Quantity requested(PersistentVolumeClaimSpec spec) {
        return spec.resources().requests().getOrDefault(ResourceNames.STORAGE, Quantity.ZERO);
    }

    public static Quantity capacity(PersistentVolumeClaim claim) {
        return claim.status().capacity().getOrDefault(ResourceNames.STORAGE, Quantity.ZERO);
    }
}
