package io.navarch.agent.localpath;

import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeReclaimPolicy;
import java.nio.file.Path;
import java.util.List;

/// What is to be done with the directory of a volume, as the API has the volume.
enum DirectoryStep {
    NOTHING,
    /// It is new.
    MAKE,
    /// Nobody needs it any more.
    REMOVE,
    /// Nobody needs the volume any more, and somebody may still need what is in it.
    LET_GO;

    static DirectoryStep of(PersistentVolume volume, Path root) {
        // The directory follows from the name alone; a volume that lies elsewhere is not one of these.
        boolean ours = LocalPaths.is(volume)
                && volume.spec().local().path().equals(LocalPaths.path(root.toString(), volume.name()));
        if (!ours) return NOTHING;
        if (!volume.deleting()) return volume.annotation(LocalPaths.MADE).isEmpty() ? MAKE : NOTHING;
        // As long as there is another one, the volume is still in use.
        if (!volume.metadata().finalizers().equals(List.of(LocalPaths.DIRECTORY))) return NOTHING;
        return volume.spec().persistentVolumeReclaimPolicy() == PersistentVolumeReclaimPolicy.DELETE ? REMOVE : LET_GO;
    }
}
