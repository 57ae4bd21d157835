package io.navarch.kinds.volumesnapshot;

import io.navarch.model.AnyObject;
import io.navarch.model.ApiObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Structure;
import io.navarch.objects.View;
import org.jspecify.annotations.Nullable;

/// Who makes snapshots, and what becomes of them.
public final class VolumeSnapshotClass extends Structure implements ApiObject {
    private static final String DRIVER = "driver";
    private static final String DELETION_POLICY = "deletionPolicy";

    private VolumeSnapshotClass(@Nullable Object tree) {
        super(tree);
    }

    public static VolumeSnapshotClass of(View view) {
        return new VolumeSnapshotClass(view.value());
    }

    @Override
    public ObjectMeta metadata() {
        return new ObjectMeta(field(AnyObject.METADATA));
    }

    public String driver() {
        return string(DRIVER);
    }

    public String deletionPolicy() {
        return string(DELETION_POLICY);
    }

    public boolean isDefault() {
        return annotation(VolumeSnapshots.IS_DEFAULT).equals("true");
    }
}
