package io.navarch.controllers.localpath;

import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.volumesnapshot.SnapshotWrites;
import io.navarch.kinds.volumesnapshot.VolumeSnapshot;
import io.navarch.kinds.volumesnapshot.VolumeSnapshotContent;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.model.AnyObject;
import io.navarch.model.ApiObject;
import io.navarch.model.ObjectMeta;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is to be done for a snapshot of a volume on a node's disk, and for its content.
final class Snapshotting {
    private static final String NOT_CREATED = "SnapshotContentCreationFailed";

    private Snapshotting() {}

    /// The node that keeps a content, `""` when nobody does, or it is a driver's.
    static String node(VolumeSnapshotContent content) {
        return content.driver().equals(LocalPaths.PROVISIONER)
                ? content.labels().getOrDefault(LocalPaths.NODE, "")
                : "";
    }

    static Decision decide(SnapshotState.Wanted seen, Instant now) {
        var snapshot = seen.snapshot();
        if (!ours(seen)) return Decision.NOTHING;
        if (snapshot.deleting()) return going(seen);
        if (snapshot.givenContent().isEmpty() && snapshot.snapshotClass().isEmpty()) return classed(seen, now);
        if (!snapshot.metadata().finalizers().contains(VolumeSnapshots.BOUND_PROTECTION))
            return Decision.of(withFinalizers(
                    VolumeSnapshots.SNAPSHOTS,
                    snapshot,
                    with(snapshot.metadata().finalizers(), VolumeSnapshots.BOUND_PROTECTION)));
        return seen.content().exists() ? followed(seen, now) : taken(seen, now);
    }

    /// Whether it is of such a volume: by its content, its class, or, without one, what the claim has.
    private static boolean ours(SnapshotState.Wanted seen) {
        if (seen.content().exists()) return seen.content().driver().equals(LocalPaths.PROVISIONER);
        if (!seen.snapshot().givenContent().isEmpty()) return false;
        return seen.given().exists()
                ? seen.given().driver().equals(LocalPaths.PROVISIONER)
                : seen.snapshot().snapshotClass().isEmpty() && LocalPaths.is(seen.volume())
                        || seen.snapshot().metadata().finalizers().equals(List.of(VolumeSnapshots.BOUND_PROTECTION))
                                && seen.snapshot().deleting();
    }

    private static Decision classed(SnapshotState.Wanted seen, Instant now) {
        if (seen.defaults().isEmpty()) return failed(seen.snapshot(), "cannot find default snapshot class", now);
        if (seen.defaults().size() > 1)
            return failed(seen.snapshot(), seen.defaults().size() + " default snapshot classes were found", now);
        return Decision.of(new Action.Patch(
                VolumeSnapshots.SNAPSHOTS,
                seen.snapshot().key(),
                "",
                unchanged(
                        seen.snapshot(),
                        SnapshotWrites.ofClass(seen.defaults().getFirst().name()))));
    }

    private static Decision taken(SnapshotState.Wanted seen, Instant now) {
        var snapshot = seen.snapshot();
        // What has been bound and is there no more is lost.
        if (!snapshot.boundContent().isEmpty())
            return failed(snapshot, "SnapshotContentMissing", "VolumeSnapshotContent is missing", now);
        var claim = seen.claim();
        if (!claim.exists())
            return failed(snapshot, "failed to retrieve PVC " + snapshot.claim() + " from the lister: not found", now);
        if (claim.status().phase() != PersistentVolumeClaimPhase.BOUND)
            return failed(
                    snapshot,
                    "the PVC " + claim.name() + " is not yet bound to a PV, will not attempt to take a snapshot",
                    now);
        if (!LocalPaths.is(seen.volume()))
            return failed(snapshot, "volume " + seen.volume().name() + " is not of " + LocalPaths.PROVISIONER, now);
        if (!seen.volume().spec().claimRef().uid().equals(claim.uid()))
            return failed(snapshot, "claim in dataSource not bound or invalid", now);
        if (seen.volume().annotation(LocalPaths.MADE).isEmpty())
            return Decision.builder()
                    .waitingOn(Reason.of("VolumeNotReady", "the volume's directory has not been made"))
                    .build();
        var content = new LinkedHashMap<String, Object>();
        AnyObject.editMetadata(content)
                .name(snapshot.content())
                .putLabels(LocalPaths.NODE, LocalPaths.node(seen.volume()))
                .addFinalizers(LocalPaths.DIRECTORY);
        content.put(
                AnyObject.SPEC,
                SnapshotWrites.content(snapshot, seen.given(), seen.volume().name()));
        return Decision.builder()
                .change(new Action.Create(VolumeSnapshots.CONTENTS, content))
                .event(Action.RecordEvent.normal(
                        snapshot,
                        "CreatingSnapshot",
                        "Waiting for a snapshot " + snapshot.key() + " to be created by the CSI driver."))
                .build();
    }

    /// A snapshot says what its content does.
    private static Decision followed(SnapshotState.Wanted seen, Instant now) {
        var snapshot = seen.snapshot();
        var content = seen.content();
        var reference = content.snapshot();
        if (!new ObjectKey(reference.namespace(), reference.name()).equals(snapshot.key())
                || !reference.uid().isEmpty() && !reference.uid().equals(snapshot.uid()))
            return failed(
                    snapshot,
                    "SnapshotContentMisbound",
                    "VolumeSnapshotContent [" + content.name() + "] is bound to a different snapshot",
                    now);
        if (reference.uid().isEmpty())
            return Decision.of(new Action.Patch(
                    VolumeSnapshots.CONTENTS, content.key(), "", unchanged(content, SnapshotWrites.boundTo(snapshot))));
        var status = SnapshotWrites.told(content);
        if (says(snapshot, status)) return Decision.NOTHING;
        var decision = Decision.builder().change(status(snapshot, status));
        if (!snapshot.ready() && content.ready()) {
            decision.event(Action.RecordEvent.normal(
                    snapshot,
                    "SnapshotCreated",
                    "Snapshot " + snapshot.key() + " was successfully created by the CSI driver."));
            decision.event(Action.RecordEvent.normal(
                    snapshot, "SnapshotReady", "Snapshot " + snapshot.key() + " is ready to use."));
        }
        if (!content.error().isEmpty() && !content.error().equals(snapshot.error()))
            decision.event(Action.RecordEvent.warning(snapshot, NOT_CREATED, content.error()));
        return decision.build();
    }

    private static boolean says(VolumeSnapshot snapshot, Map<String, Object> status) {
        var now = View.over(snapshot).status();
        return status.entrySet().stream()
                .allMatch(entry -> Trees.semanticEquals(now.get(entry.getKey()).value(), entry.getValue()));
    }

    /// Its content goes first, unless it is to be kept.
    private static Decision going(SnapshotState.Wanted seen) {
        var content = seen.content();
        boolean goes = content.exists()
                && content.deletionPolicy().equals(VolumeSnapshots.DELETE)
                && content.snapshot().uid().equals(seen.snapshot().uid());
        if (goes)
            return content.deleting()
                    ? Decision.builder()
                            .waitingOn(Reason.of("ContentGoes", "the snapshot's content has not gone yet"))
                            .build()
                    : Decision.of(new Action.Delete(VolumeSnapshots.CONTENTS, content));
        var finalizers = new ArrayList<>(seen.snapshot().metadata().finalizers());
        return finalizers.remove(VolumeSnapshots.BOUND_PROTECTION)
                ? Decision.of(withFinalizers(VolumeSnapshots.SNAPSHOTS, seen.snapshot(), finalizers))
                : Decision.NOTHING;
    }

    /// One that somebody has written by hand gets its keeper by its handle; with its node one has gone.
    static Decision decide(SnapshotState.Kept seen) {
        var content = seen.content();
        var finalizers = content.metadata().finalizers();
        if (content.deleting()) {
            var left = new ArrayList<>(finalizers);
            return !seen.node().exists() && left.remove(LocalPaths.DIRECTORY)
                    ? Decision.of(withFinalizers(VolumeSnapshots.CONTENTS, content, left))
                    : Decision.NOTHING;
        }
        var keeper = LocalPaths.nodeOfHandle(content.handle());
        boolean kept = !node(content).isEmpty() && finalizers.contains(LocalPaths.DIRECTORY);
        if (kept || keeper.isEmpty()) return Decision.NOTHING;
        return Decision.of(Action.Patch.ofMetadata(
                VolumeSnapshots.CONTENTS,
                content,
                metadata -> metadata.putLabels(LocalPaths.NODE, keeper)
                        .finalizers(with(finalizers, LocalPaths.DIRECTORY))));
    }

    private static List<String> with(List<String> finalizers, String more) {
        var all = new ArrayList<>(finalizers);
        if (!all.contains(more)) all.add(more);
        return all;
    }

    private static Action withFinalizers(ResourceType<?> type, ApiObject object, List<String> finalizers) {
        return Action.Patch.ofMetadata(type, object, metadata -> metadata.finalizers(finalizers));
    }

    private static Decision failed(VolumeSnapshot snapshot, String why, Instant now) {
        return failed(snapshot, NOT_CREATED, "Failed to create snapshot content with error " + why, now);
    }

    private static Decision failed(VolumeSnapshot snapshot, String reason, String message, Instant now) {
        var waiting = Reason.of(reason, message);
        if (snapshot.error().equals(message))
            return Decision.builder().waitingOn(waiting).build();
        return Decision.builder()
                .change(status(snapshot, SnapshotWrites.failed(message, now)))
                .event(Action.RecordEvent.warning(snapshot, waiting))
                .waitingOn(waiting)
                .build();
    }

    private static Action status(VolumeSnapshot snapshot, Map<String, Object> status) {
        return new Action.Patch(
                VolumeSnapshots.SNAPSHOTS,
                snapshot.key(),
                AnyObject.STATUS,
                unchanged(snapshot, new LinkedHashMap<>(Map.of(AnyObject.STATUS, status))));
    }

    /// A patch of this very object; fails when it is another one, or has changed.
    private static Object unchanged(ApiObject object, Map<String, Object> patch) {
        ObjectMeta.edit(Trees.child(patch, AnyObject.METADATA))
                .uid(object.uid())
                .resourceVersion(object.resourceVersion());
        return patch;
    }
}
