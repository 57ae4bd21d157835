package io.navarch.controllers.localpath.origin;

import io.navarch.client.Client;
import io.navarch.controllers.localpath.LocalPathController.Seen;
import io.navarch.controllers.localpath.Origin;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.reconcile.ReadStep;
import java.time.Instant;

/// Looks for the snapshots that claims are to begin with. Their kinds are custom resources, which not every cluster
/// has: no cache follows them for this.
public record SnapshotOrigins(Client client) implements ReadStep<Seen> {
    @Override
    public Seen read(Seen seen, Instant now) {
        if (!(seen instanceof Seen.Claim claim) || claim.made().exists()) return seen;
        return claim.origin() instanceof Origin.Snapshot snapshot
                ? claim.from(find(new ObjectKey(claim.claim().namespace(), snapshot.name()), snapshot))
                : seen;
    }

    /// The handle of one that was taken is what its node says: it must not lead to the data of others.
    private static boolean isWhereItSays(VolumeSnapshotContent content) {
        var handle = content.handle();
        return content.volumeHandle().isEmpty()
                || handle.equals(LocalPaths.handle(content.labels().getOrDefault(LocalPaths.NODE, ""), content.name()));
    }

    private Origin find(ObjectKey key, Origin.Snapshot asked) {
        var found = client.findIfServed(VolumeSnapshots.SNAPSHOTS, key);
        if (found.isEmpty()) return asked;
        var snapshot = found.get();
        var named = "snapshot " + key.name();
        if (!snapshot.exists()) return new Origin.Missing("error getting " + named + ": not found");
        if (snapshot.deleting()) return new Origin.Missing(named + " is currently being deleted");
        if (!snapshot.ready() || snapshot.boundContent().isEmpty()) return new Origin.Missing(named + " is not Ready");
        var content = client.find(VolumeSnapshots.CONTENTS, new ObjectKey("", snapshot.boundContent()));
        if (!content.exists() || !content.ready()) return new Origin.Missing(named + " is not bound");
        if (!content.driver().equals(LocalPaths.PROVISIONER))
            return new Origin.Missing(named + " is of " + content.driver());
        if (!content.snapshot().uid().equals(snapshot.uid()))
            return new Origin.Missing(named + " is not bound to its content");
        if (!isWhereItSays(content)) return new Origin.Missing(named + " is not what its content says");
        return new Origin.Kept(
                LocalPaths.fromSnapshot(LocalPaths.nameOfHandle(content.handle())),
                LocalPaths.nodeOfHandle(content.handle()),
                Quantity.parse(String.valueOf(content.restoreSize())));
    }
}
