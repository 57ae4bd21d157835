package io.navarch.scheduler.volumes;

import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import java.util.Optional;
import java.util.Set;

/// What a node attaches once for all of its pods.
///
/// @param handle how the driver calls it, or which claim it is for while it is not there
record AttachedVolume(String driver, String handle) {
    static Optional<AttachedVolume> of(PersistentVolume volume) {
        return volume.spec().hasCsi()
                ? Optional.of(new AttachedVolume(
                        volume.spec().csi().driver(), volume.spec().csi().volumeHandle()))
                : Optional.empty();
    }

    static Optional<AttachedVolume> of(PersistentVolumeClaim claim, VolumeView view) {
        if (!claim.exists()) return Optional.empty();
        var volume = view.volume(claim.spec().volumeName());
        if (volume.exists()) return of(volume);
        var provisioner = view.storageClass(VolumeMatch.storageClass(claim)).provisioner();
        return provisioner.isEmpty()
                ? Optional.empty()
                : Optional.of(new AttachedVolume(provisioner, claim.key().toString()));
    }

    static long count(Set<AttachedVolume> volumes, String driver) {
        return volumes.stream().filter(each -> each.driver.equals(driver)).count();
    }
}
