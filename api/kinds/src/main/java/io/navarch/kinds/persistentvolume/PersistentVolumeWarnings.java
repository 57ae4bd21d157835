package io.navarch.kinds.persistentvolume;

import io.navarch.kinds.storageclass.StorageClasses;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeReclaimPolicy;
import io.navarch.model.PersistentVolumeSpec;
import java.util.ArrayList;
import java.util.List;

/// What is said of a volume's fields that nothing serves any more.
final class PersistentVolumeWarnings {
    private static final String MOUNT_OPTIONS = "volume.beta.kubernetes.io/mount-options";

    /// A kind of storage without a driver.
    ///
    /// @param shown what the warning calls it
    private record Gone(String source, String shown, String deprecated, String ended) {}

    private static final List<Gone> GONE = List.of(
            new Gone(PersistentVolumeSpec.CEPHFS, "cephfs", "1.28", "1.31"),
            new Gone(PersistentVolumeSpec.PHOTON_PERSISTENT_DISK, "photonPersistentDisk", "1.11", "1.16"),
            new Gone(PersistentVolumeSpec.SCALE_IO, "scaleIO", "1.16", "1.22"),
            new Gone(PersistentVolumeSpec.STORAGEOS, "storageOS", "1.22", "1.25"),
            new Gone(PersistentVolumeSpec.GLUSTERFS, "glusterfs", "1.25", "1.26"),
            new Gone(PersistentVolumeSpec.RBD, "rbd", "1.28", "1.31"));

    private PersistentVolumeWarnings() {}

    static List<String> of(PersistentVolume volume) {
        var result = new ArrayList<String>();
        annotation(volume, StorageClasses.ANNOTATION, "1.8", "storageClassName", result);
        annotation(volume, MOUNT_OPTIONS, "1.31", "mountOptions", result);
        var spec = volume.spec();
        if (spec.persistentVolumeReclaimPolicy() == PersistentVolumeReclaimPolicy.RECYCLE)
            result.add("spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the"
                    + " recommended approach is to use dynamic provisioning.");
        for (var gone : GONE)
            if (spec.raw(gone.source).exists())
                result.add("spec." + gone.shown + ": deprecated in v" + gone.deprecated + ", non-functional in v"
                        + gone.ended + "+");
        return result;
    }

    private static void annotation(
            PersistentVolume volume, String annotation, String since, String field, List<String> warnings) {
        if (volume.annotations().containsKey(annotation))
            warnings.add("metadata.annotations[" + annotation + "]: deprecated since v" + since + "; use \"" + field
                    + "\" attribute instead");
    }
}
