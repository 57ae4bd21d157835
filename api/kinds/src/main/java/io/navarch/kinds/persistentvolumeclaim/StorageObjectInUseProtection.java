package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import java.util.Map;

/// Volumes and claims stay until nothing uses them: a controller takes the finalizer away then.
public final class StorageObjectInUseProtection implements Admission.Mutating {
    public static final String CLAIM = "kubernetes.io/pvc-protection";
    public static final String VOLUME = "kubernetes.io/pv-protection";
    public static final String ATTRIBUTES = "kubernetes.io/vac-protection";

    @Override
    public boolean handles(Admission.Attributes call) {
        return call.creates("", "persistentvolumeclaims")
                || call.creates("", "persistentvolumes")
                || call.creates("storage.k8s.io", "volumeattributesclasses");
    }

    @Override
    public void admit(Admission.Attributes call, Map<String, Object> object, View old, Admission.Lookup lookup) {
        var finalizer = switch (call.resource()) {
            case "persistentvolumeclaims" -> CLAIM;
            case "persistentvolumes" -> VOLUME;
            default -> ATTRIBUTES;
        };
        var finalizers = Trees.childList(Trees.child(object, "metadata"), "finalizers");
        if (!finalizers.contains(finalizer)) finalizers.add(finalizer);
    }
}
