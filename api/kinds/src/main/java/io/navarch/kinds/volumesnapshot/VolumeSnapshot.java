package io.navarch.kinds.volumesnapshot;

import io.navarch.model.AnyObject;
import io.navarch.model.ApiObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Structure;
import io.navarch.objects.View;
import org.jspecify.annotations.Nullable;

/// What somebody wants of a claim: its data as they are now.
public final class VolumeSnapshot extends Structure implements ApiObject {
    static final String SOURCE = "source";
    private static final String CLAIM = "persistentVolumeClaimName";
    private static final String CONTENT = "volumeSnapshotContentName";
    static final String CLASS = "volumeSnapshotClassName";
    static final String BOUND_CONTENT = "boundVolumeSnapshotContentName";
    static final String CREATION_TIME = "creationTime";
    static final String READY = "readyToUse";
    static final String RESTORE_SIZE = "restoreSize";
    static final String ERROR = "error";
    static final String MESSAGE = "message";
    static final String TIME = "time";

    private VolumeSnapshot(@Nullable Object tree) {
        super(tree);
    }

    public static VolumeSnapshot of(View view) {
        return new VolumeSnapshot(view.value());
    }

    @Override
    public ObjectMeta metadata() {
        return new ObjectMeta(field(AnyObject.METADATA));
    }

    /// The claim that it is to be taken of, `""` when it is one that was taken before.
    public String claim() {
        return view().get(AnyObject.SPEC, SOURCE, CLAIM).string();
    }

    /// The content that was there before, `""` when it is to be made.
    public String givenContent() {
        return view().get(AnyObject.SPEC, SOURCE, CONTENT).string();
    }

    /// The name of its content, whoever has made that.
    public String content() {
        return givenContent().isEmpty() ? "snapcontent-" + uid() : givenContent();
    }

    public String snapshotClass() {
        return view().get(AnyObject.SPEC, CLASS).string();
    }

    public String boundContent() {
        return view().get(AnyObject.STATUS, BOUND_CONTENT).string();
    }

    public boolean ready() {
        return view().get(AnyObject.STATUS, READY).bool();
    }

    public String error() {
        return view().get(AnyObject.STATUS, ERROR, MESSAGE).string();
    }
}
