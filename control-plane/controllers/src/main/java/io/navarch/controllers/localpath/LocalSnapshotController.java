package io.navarch.controllers.localpath;

import io.navarch.client.Caches;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.volumesnapshot.VolumeSnapshot;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Has snapshots taken of volumes on the nodes' own disks, where the snapshots' class says that these are meant. What
/// the snapshots' own controller does for drivers it does here for the nodes, and writes down alike; who keeps one is
/// the node on which the volume lies.
public final class LocalSnapshotController implements Controller<SnapshotState> {
    private static final String BY_CLAIM = "claim";
    private static final String BY_KEEPER = "keeper";

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("local-path-snapshotter")
                .queue("local_snapshot")
                .eventSource(LocalPaths.PROVISIONER)
                .watches(VolumeSnapshots.SNAPSHOTS, Controller::self)
                .watches(
                        VolumeSnapshots.CONTENTS,
                        content -> List.of(
                                content.key(),
                                new ObjectKey(
                                        content.snapshot().namespace(),
                                        content.snapshot().name())))
                .watches(
                        VolumeSnapshots.CLASSES,
                        (caches, each) -> caches.of(VolumeSnapshots.SNAPSHOTS).all().stream()
                                .filter(snapshot -> !snapshot.ready())
                                .map(VolumeSnapshot::key)
                                .toList())
                .watches(
                        Resources.PERSISTENT_VOLUME_CLAIMS,
                        (caches, claim) ->
                                caches
                                        .of(VolumeSnapshots.SNAPSHOTS)
                                        .byIndex(BY_CLAIM, claim.key().toString())
                                        .stream()
                                        .map(VolumeSnapshot::key)
                                        .toList())
                .watchesChanges(Resources.PERSISTENT_VOLUMES, LocalSnapshotController::ofVolume)
                .watchesChanges(Resources.NODES, LocalSnapshotController::ofNode)
                .may(VolumeSnapshots.GROUP, "volumesnapshots,volumesnapshots/status", "patch,update")
                .may(VolumeSnapshots.GROUP, "volumesnapshotcontents", "create,patch,update,delete")
                .build();
    }

    /// A snapshot waits until its volume's directory has been made.
    private static List<ObjectKey> ofVolume(Caches caches, PersistentVolume old, PersistentVolume now) {
        boolean made = now.exists()
                && LocalPaths.is(now)
                && !now.annotation(LocalPaths.MADE).equals(old.exists() ? old.annotation(LocalPaths.MADE) : "");
        if (!made) return List.of();
        var claim = now.spec().claimRef();
        return caches
                .of(VolumeSnapshots.SNAPSHOTS)
                .byIndex(BY_CLAIM, new ObjectKey(claim.namespace(), claim.name()).toString())
                .stream()
                .map(VolumeSnapshot::key)
                .toList();
    }

    private static List<ObjectKey> ofNode(Caches caches, Node old, Node now) {
        return now.exists()
                ? List.of()
                : caches.of(VolumeSnapshots.CONTENTS).byIndex(BY_KEEPER, old.name()).stream()
                        .map(VolumeSnapshotContent::key)
                        .toList();
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(VolumeSnapshots.SNAPSHOTS)
                .indexedBy(
                        BY_CLAIM,
                        snapshot -> List.of(new ObjectKey(snapshot.namespace(), snapshot.claim()).toString()));
        caches.of(VolumeSnapshots.CONTENTS).indexedBy(BY_KEEPER, content -> List.of(Snapshotting.node(content)));
    }

    @Override
    public Optional<SnapshotState> observe(Caches caches, ObjectKey key) {
        if (key.namespace().isEmpty()) {
            var content = caches.of(VolumeSnapshots.CONTENTS).get(key);
            if (!content.exists() || !content.driver().equals(LocalPaths.PROVISIONER)) return Optional.empty();
            var node = caches.of(Resources.NODES).get(new ObjectKey("", Snapshotting.node(content)));
            return Optional.of(new SnapshotState.Kept(content, node));
        }
        var snapshot = caches.of(VolumeSnapshots.SNAPSHOTS).get(key);
        if (!snapshot.exists()) return Optional.empty();
        var classes = caches.of(VolumeSnapshots.CLASSES);
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).get(new ObjectKey(key.namespace(), snapshot.claim()));
        return Optional.of(new SnapshotState.Wanted(
                snapshot,
                classes.get(new ObjectKey("", snapshot.snapshotClass())),
                classes.all().stream()
                        .filter(each -> each.isDefault() && each.driver().equals(LocalPaths.PROVISIONER))
                        .toList(),
                claim,
                caches.of(Resources.PERSISTENT_VOLUMES)
                        .get(new ObjectKey("", claim.spec().volumeName())),
                caches.of(VolumeSnapshots.CONTENTS).get(new ObjectKey("", snapshot.content()))));
    }

    @Override
    public Decision decide(SnapshotState seen, Instant now) {
        return switch (seen) {
            case SnapshotState.Wanted wanted -> Snapshotting.decide(wanted, now);
            case SnapshotState.Kept kept -> Snapshotting.decide(kept);
        };
    }
}
