package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.model.AnyObject;
import io.navarch.model.Resources;
import io.navarch.objects.ResourceType;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Keeps volumes and claims until nothing uses them any more: a controller removes the finalizer then.
public final class StorageObjectInUseProtection implements Admission.Mutating {
    public static final String CLAIM = "kubernetes.io/pvc-protection";
    public static final String VOLUME = "kubernetes.io/pv-protection";
    public static final String ATTRIBUTES = "kubernetes.io/vac-protection";

    private static final Map<ResourceType<?>, String> FINALIZERS = Map.of(
            Resources.PERSISTENT_VOLUME_CLAIMS, CLAIM,
            Resources.PERSISTENT_VOLUMES, VOLUME,
            Resources.VOLUME_ATTRIBUTES_CLASSES, ATTRIBUTES);

    @Override
    public boolean handles(Admission.Attributes call) {
        return FINALIZERS.keySet().stream().anyMatch(call::creates);
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        var metadata = AnyObject.editMetadata(object);
        FINALIZERS.forEach((type, finalizer) -> {
            if (call.is(type) && !metadata.build().finalizers().contains(finalizer)) metadata.addFinalizers(finalizer);
        });
    }
}
