package io.navarch.controllers.localpath;

import io.navarch.client.Caches;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;

/// What a claim's new volume is to be filled with.
public sealed interface Origin {
    /// With nothing.
    record Nothing() implements Origin {}

    /// With what a node keeps.
    ///
    /// @param place as the node knows it
    /// @param size that the volume must have at least
    record Kept(String place, String node, Quantity size) implements Origin {}

    /// With a snapshot, which nobody has looked for yet.
    record Snapshot(String name) implements Origin {}

    /// It is not there, or not yet.
    record Missing(String why) implements Origin {}

    /// By somebody else, who knows the kind.
    record Others(String kind) implements Origin {}

    /// What the claim says, and the caches know.
    static Origin of(PersistentVolumeClaim claim, Caches caches) {
        var spec = claim.spec();
        if (!spec.hasDataSource() && !spec.hasDataSourceRef()) return new Nothing();
        var reference = spec.dataSourceRef();
        var group = spec.hasDataSourceRef()
                ? reference.apiGroup()
                : spec.dataSource().apiGroup();
        var kind =
                spec.hasDataSourceRef() ? reference.kind() : spec.dataSource().kind();
        var name =
                spec.hasDataSourceRef() ? reference.name() : spec.dataSource().name();
        if (group.isEmpty() && kind.equals(Resources.PERSISTENT_VOLUME_CLAIMS.kind()))
            return ofClaim(new ObjectKey(claim.namespace(), name), caches);
        return group.equals(VolumeSnapshots.GROUP) && kind.equals(VolumeSnapshots.SNAPSHOTS.kind())
                ? new Snapshot(name)
                : new Others(kind);
    }

    private static Origin ofClaim(ObjectKey key, Caches caches) {
        var source = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).get(key);
        if (!source.exists()) return new Missing("error getting PVC " + key.name() + " to clone: not found");
        if (source.deleting()) return new Missing("the PVC DataSource " + key.name() + " is currently being deleted");
        if (source.status().phase() != PersistentVolumeClaimPhase.BOUND)
            return new Missing("the PVC DataSource " + key.name() + " must have a status of Bound. Got "
                    + source.status().phase().text());
        var volume = caches.of(Resources.PERSISTENT_VOLUMES)
                .get(new ObjectKey("", source.spec().volumeName()));
        if (!volume.exists())
            return new Missing("the source PV " + source.spec().volumeName() + " was not found");
        if (!LocalPaths.is(volume))
            return new Missing("the source PVC and destination PVCs must be for the same CSI driver for cloning."
                    + " Source is not a volume of " + LocalPaths.PROVISIONER);
        if (!volume.spec().claimRef().uid().equals(source.uid()))
            return new Missing("the source PV " + volume.name() + " is bound to another claim");
        return new Kept(LocalPaths.fromVolume(volume.name()), LocalPaths.node(volume), VolumeMatch.capacity(volume));
    }
}
