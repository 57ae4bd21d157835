package io.navarch.kinds.volumesnapshot;

import io.navarch.objects.ResourceType;
import java.util.List;

/// The kinds of the group `snapshot.storage.k8s.io`, and what all who deal with them agree on.
///
/// Source: https://kubernetes.io/docs/concepts/storage/volume-snapshots/
public final class VolumeSnapshots {
    public static final String GROUP = "snapshot.storage.k8s.io";
    public static final String VERSION = "v1";
    /// Of a snapshot that is bound to a content.
    public static final String BOUND_PROTECTION = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";
    /// Annotation of the class for snapshots that name none.
    public static final String IS_DEFAULT = "snapshot.storage.kubernetes.io/is-default-class";
    public static final String DELETE = "Delete";

    public static final ResourceType<VolumeSnapshot> SNAPSHOTS =
            new ResourceType<>(GROUP, VERSION, "volumesnapshots", "VolumeSnapshot", true, VolumeSnapshot::of);
    public static final ResourceType<VolumeSnapshotContent> CONTENTS = new ResourceType<>(
            GROUP, VERSION, "volumesnapshotcontents", "VolumeSnapshotContent", false, VolumeSnapshotContent::of);
    public static final ResourceType<VolumeSnapshotClass> CLASSES = new ResourceType<>(
            GROUP, VERSION, "volumesnapshotclasses", "VolumeSnapshotClass", false, VolumeSnapshotClass::of);

    /// All that must be served before any is of use.
    public static final List<ResourceType<?>> ALL = List.of(SNAPSHOTS, CONTENTS, CLASSES);

    private VolumeSnapshots() {}
}
