package io.navarch.kinds.volumesnapshot;

import io.navarch.model.AnyObject;
import io.navarch.model.ApiObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.ObjectReference;
import io.navarch.model.Structure;
import io.navarch.objects.View;
import org.jspecify.annotations.Nullable;

/// A snapshot as who keeps it knows it.
public final class VolumeSnapshotContent extends Structure implements ApiObject {
    static final String VOLUME_HANDLE = "volumeHandle";
    static final String SNAPSHOT_HANDLE = "snapshotHandle";
    static final String DRIVER = "driver";
    static final String DELETION_POLICY = "deletionPolicy";
    static final String REFERENCE = "volumeSnapshotRef";
    static final String MODE = "sourceVolumeMode";

    private VolumeSnapshotContent(@Nullable Object tree) {
        super(tree);
    }

    public static VolumeSnapshotContent of(View view) {
        return new VolumeSnapshotContent(view.value());
    }

    @Override
    public ObjectMeta metadata() {
        return new ObjectMeta(field(AnyObject.METADATA));
    }

    public String driver() {
        return view().get(AnyObject.SPEC, DRIVER).string();
    }

    /// The volume that it is to be taken of, `""` for one that was taken before.
    public String volumeHandle() {
        return view().get(AnyObject.SPEC, VolumeSnapshot.SOURCE, VOLUME_HANDLE).string();
    }

    /// How its keeper calls it, `""` while it is not there.
    public String handle() {
        var given = view().get(AnyObject.SPEC, VolumeSnapshot.SOURCE, SNAPSHOT_HANDLE)
                .string();
        return given.isEmpty() ? view().get(AnyObject.STATUS, SNAPSHOT_HANDLE).string() : given;
    }

    public String deletionPolicy() {
        return view().get(AnyObject.SPEC, DELETION_POLICY).string();
    }

    public String snapshotClass() {
        return view().get(AnyObject.SPEC, VolumeSnapshot.CLASS).string();
    }

    public ObjectReference snapshot() {
        return ObjectReference.of(view().get(AnyObject.SPEC, REFERENCE));
    }

    public boolean ready() {
        return view().get(AnyObject.STATUS, VolumeSnapshot.READY).bool();
    }

    public long restoreSize() {
        return view().get(AnyObject.STATUS, VolumeSnapshot.RESTORE_SIZE).longOr(0);
    }

    /// 0 while it has not been taken.
    public long takenNanos() {
        return view().get(AnyObject.STATUS, VolumeSnapshot.CREATION_TIME).longOr(0);
    }

    public String error() {
        return view().get(AnyObject.STATUS, VolumeSnapshot.ERROR, VolumeSnapshot.MESSAGE)
                .string();
    }

    String errorTime() {
        return view().get(AnyObject.STATUS, VolumeSnapshot.ERROR, VolumeSnapshot.TIME)
                .string();
    }
}
