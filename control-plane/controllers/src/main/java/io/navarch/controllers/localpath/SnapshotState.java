package io.navarch.controllers.localpath;

import io.navarch.kinds.volumesnapshot.VolumeSnapshot;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotClass;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import java.util.List;

/// What is known of one key: a snapshot, or a content when the key has no namespace.
public sealed interface SnapshotState {
    /// @param given its class, absent when there is none of that name
    /// @param defaults the classes of these volumes for snapshots that name none
    /// @param claim that it is of, absent when it is of none, or that has gone
    /// @param volume which that has
    record Wanted(
            VolumeSnapshot snapshot,
            VolumeSnapshotClass given,
            List<VolumeSnapshotClass> defaults,
            PersistentVolumeClaim claim,
            PersistentVolume volume,
            VolumeSnapshotContent content)
            implements SnapshotState {}

    /// @param node that keeps it, absent when there is none
    record Kept(VolumeSnapshotContent content, Node node) implements SnapshotState {}
}
