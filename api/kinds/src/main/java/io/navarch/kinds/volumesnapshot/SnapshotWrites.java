package io.navarch.kinds.volumesnapshot;

import io.navarch.model.AnyObject;
import io.navarch.model.ObjectReference;
import io.navarch.model.VolumeMode;
import io.navarch.objects.Timestamps;
import io.navarch.objects.Trees;
import java.time.Instant;
import java.util.Map;

/// What is written of snapshots, as patches and parts of objects.
public final class SnapshotWrites {
    private static final long NANOS = 1_000_000_000;

    private SnapshotWrites() {}

    /// A patch of a snapshot's class, of which it has named none.
    public static Map<String, Object> ofClass(String name) {
        return Trees.map(AnyObject.SPEC, Trees.map(VolumeSnapshot.CLASS, name));
    }

    /// What a new content is to be.
    public static Map<String, Object> content(VolumeSnapshot snapshot, VolumeSnapshotClass given, String volumeHandle) {
        return Trees.map(
                VolumeSnapshotContent.DELETION_POLICY,
                given.deletionPolicy(),
                VolumeSnapshotContent.DRIVER,
                given.driver(),
                VolumeSnapshot.SOURCE,
                Trees.map(VolumeSnapshotContent.VOLUME_HANDLE, volumeHandle),
                VolumeSnapshotContent.MODE,
                VolumeMode.FILESYSTEM.text(),
                VolumeSnapshot.CLASS,
                given.name(),
                VolumeSnapshotContent.REFERENCE,
                ObjectReference.builder()
                        .kind(VolumeSnapshots.SNAPSHOTS.kind())
                        .apiVersion(VolumeSnapshots.SNAPSHOTS.apiVersion())
                        .namespace(snapshot.namespace())
                        .name(snapshot.name())
                        .uid(snapshot.uid())
                        .resourceVersion(snapshot.resourceVersion())
                        .map());
    }

    /// A patch of a content that says whose it is.
    public static Map<String, Object> boundTo(VolumeSnapshot snapshot) {
        return Trees.map(
                AnyObject.SPEC,
                Trees.map(
                        VolumeSnapshotContent.REFERENCE,
                        ObjectReference.builder().uid(snapshot.uid()).map()));
    }

    /// The status of a snapshot, by what became of its content.
    public static Map<String, Object> told(VolumeSnapshotContent content) {
        var status = Trees.map(VolumeSnapshot.BOUND_CONTENT, content.name(), VolumeSnapshot.READY, content.ready());
        if (content.takenNanos() > 0)
            status.put(
                    VolumeSnapshot.CREATION_TIME, Timestamps.seconds(Instant.ofEpochSecond(0, content.takenNanos())));
        if (content.restoreSize() > 0) status.put(VolumeSnapshot.RESTORE_SIZE, String.valueOf(content.restoreSize()));
        // One that is not there any more is taken away by a patch.
        status.put(
                VolumeSnapshot.ERROR, content.error().isEmpty() ? null : error(content.error(), content.errorTime()));
        return status;
    }

    /// The status of a content that is there.
    public static Map<String, Object> taken(String handle, Instant when, long size) {
        var status = Trees.map(
                VolumeSnapshotContent.SNAPSHOT_HANDLE,
                handle,
                VolumeSnapshot.CREATION_TIME,
                when.getEpochSecond() * NANOS + when.getNano(),
                VolumeSnapshot.RESTORE_SIZE,
                size,
                VolumeSnapshot.READY,
                true);
        status.put(VolumeSnapshot.ERROR, null);
        return status;
    }

    /// The status of a snapshot or content that does not get on.
    public static Map<String, Object> failed(String why, Instant now) {
        return Trees.map(VolumeSnapshot.READY, false, VolumeSnapshot.ERROR, error(why, Timestamps.seconds(now)));
    }

    private static Map<String, Object> error(String why, String when) {
        return Trees.map(VolumeSnapshot.MESSAGE, why, VolumeSnapshot.TIME, when);
    }
}
