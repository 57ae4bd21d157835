package io.navarch.agent.localpath;

import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import java.util.List;

/// What is to be done for a snapshot that a node keeps, as the API has it.
enum SnapshotStep {
    NOTHING,
    TAKE,
    /// Somebody says that it was taken before.
    LOOK,
    REMOVE,
    /// Nobody needs the object any more, and somebody may still need what it stands for.
    LET_GO;

    static SnapshotStep of(VolumeSnapshotContent content, String node) {
        if (!content.driver().equals(LocalPaths.PROVISIONER)) return NOTHING;
        boolean given = content.volumeHandle().isEmpty();
        if (given && !LocalPaths.nodeOfHandle(content.handle()).equals(node)) return NOTHING;
        if (!content.deleting()) {
            if (content.ready()) return NOTHING;
            return given ? LOOK : TAKE;
        }
        // As long as there is another one, it is still in use.
        if (!content.metadata().finalizers().equals(List.of(LocalPaths.DIRECTORY))) return NOTHING;
        return content.deletionPolicy().equals(VolumeSnapshots.DELETE) ? REMOVE : LET_GO;
    }

    /// The name of its directory.
    static String directory(VolumeSnapshotContent content) {
        return content.volumeHandle().isEmpty() ? LocalPaths.nameOfHandle(content.handle()) : content.name();
    }
}
