package io.navarch.kinds.persistentvolume;

import io.navarch.kinds.node.NodeSelection;
import io.navarch.model.AccessMode;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.VolumeMode;

/// What volumes' and claims' fields mean, for everyone who asks.
public final class PersistentVolumes {
    /// Of a claim that has its volume, in both directions.
    public static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
    /// Of a volume or claim whose other half was chosen for it.
    public static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
    /// Of a volume: who made it.
    public static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
    /// Of a claim that waited for a pod: the node of that pod.
    public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    /// Of a claim: who is to make a volume for it.
    public static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";

    private PersistentVolumes() {}

    /// Whether a node can use a volume.
    public static boolean reachable(PersistentVolume volume, Node node) {
        var required = volume.spec().nodeAffinity().required();
        return !required.exists() || NodeSelection.matchesAny(required, node);
    }

    public static VolumeMode mode(PersistentVolume volume) {
        return mode(volume.spec().volumeMode());
    }

    public static VolumeMode mode(VolumeMode mode) {
        return mode == VolumeMode.UNSET ? VolumeMode.FILESYSTEM : mode;
    }

    /// Whether it may be used by one pod at a time alone.
    public static boolean exclusive(PersistentVolume volume) {
        return volume.spec().accessModes().contains(AccessMode.READ_WRITE_ONCE_POD);
    }

    /// Whether claim and volume know of each other.
    public static boolean fullyBound(PersistentVolumeClaim claim) {
        return !claim.spec().volumeName().isEmpty()
                && !claim.annotation(BIND_COMPLETED).isEmpty();
    }
}
