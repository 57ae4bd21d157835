package io.navarch.controllers.localpath;

import io.navarch.client.Caches;
import io.navarch.kinds.persistentvolume.LocalPaths;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.kinds.volumesnapshot.VolumeSnapshots;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumePhase;
import io.navarch.model.PersistentVolumeReclaimPolicy;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a volume for a claim on the disk of the node that its pod goes to, and lets go of what was released. The
/// volume's finalizer stands for the directory: the node makes it, and takes the finalizer away with it.
public final class LocalPathController implements Controller<LocalPathController.Seen> {
    static final String NAME = "local-path-provisioner";
    private static final String BY_NODE = "selected-node";

    /// What is known of one key: a claim, or a volume when the key has no namespace.
    public sealed interface Seen {
        /// @param made the volume that has been made for it
        record Claim(PersistentVolumeClaim claim, Provision.Terms terms, Origin origin, PersistentVolume made)
                implements Seen {
            public Claim from(Origin found) {
                return new Claim(claim, terms, found, made);
            }
        }

        /// @param node on which it lies, absent when there is none
        record Volume(PersistentVolume volume, Node node) implements Seen {}
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of(NAME)
                .queue("local_path")
                .eventSource(LocalPaths.PROVISIONER)
                .watches(Resources.PERSISTENT_VOLUME_CLAIMS, Controller::self)
                .watches(
                        Resources.PERSISTENT_VOLUMES,
                        volume -> LocalPaths.is(volume) ? List.of(volume.key()) : List.of())
                .watchesChanges(Resources.NODES, LocalPathController::ofNode)
                .reads(Resources.STORAGE_CLASSES)
                .may("", "persistentvolumes", "create,patch,update,delete")
                .may("", "persistentvolumeclaims", "patch")
                .may(VolumeSnapshots.GROUP, "volumesnapshots,volumesnapshotcontents", "get")
                .build();
    }

    /// Claims wait for the node to say where its directories lie; volumes outlive it in vain.
    private static List<ObjectKey> ofNode(Caches caches, Node old, Node now) {
        var keys = new ArrayList<ObjectKey>();
        var name = (now.exists() ? now : old).name();
        if (now.exists()
                && !now.annotation(LocalPaths.ROOT).equals(old.exists() ? old.annotation(LocalPaths.ROOT) : ""))
            caches.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                    .byIndex(BY_NODE, name)
                    .forEach(claim -> keys.add(claim.key()));
        if (!now.exists())
            caches.of(Resources.PERSISTENT_VOLUMES).byIndex(BY_NODE, name).forEach(volume -> keys.add(volume.key()));
        return keys;
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                .indexedBy(
                        BY_NODE,
                        claim -> claim.spec().volumeName().isEmpty()
                                ? List.of(claim.annotation(PersistentVolumes.SELECTED_NODE))
                                : List.of());
        caches.of(Resources.PERSISTENT_VOLUMES).indexedBy(BY_NODE, volume -> List.of(LocalPaths.node(volume)));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        if (key.namespace().isEmpty()) {
            var volume = caches.of(Resources.PERSISTENT_VOLUMES).get(key);
            if (!volume.exists() || !LocalPaths.is(volume)) return Optional.empty();
            var node = caches.of(Resources.NODES).get(new ObjectKey("", LocalPaths.node(volume)));
            return Optional.of(new Seen.Volume(volume, node));
        }
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).get(key);
        boolean ours = claim.annotation(PersistentVolumes.PROVISIONER).equals(LocalPaths.PROVISIONER);
        if (!ours || claim.deleting() || !claim.spec().volumeName().isEmpty()) return Optional.empty();
        var storageClass = caches.of(Resources.STORAGE_CLASSES).get(new ObjectKey("", VolumeMatch.storageClass(claim)));
        if (!storageClass.provisioner().equals(LocalPaths.PROVISIONER)) return Optional.empty();
        var selected = claim.annotation(PersistentVolumes.SELECTED_NODE);
        var node = selected.isEmpty() ? Node.ABSENT : caches.of(Resources.NODES).get(new ObjectKey("", selected));
        var made = caches.of(Resources.PERSISTENT_VOLUMES).get(new ObjectKey("", Provision.name(claim)));
        var terms = new Provision.Terms(storageClass, selected, node);
        return Optional.of(new Seen.Claim(claim, terms, Origin.of(claim, caches), made));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        return switch (seen) {
            case Seen.Claim claim ->
                claim.made.exists() ? Decision.NOTHING : Provision.decide(claim.claim, claim.terms, claim.origin);
            case Seen.Volume volume -> decide(volume.volume, volume.node);
        };
    }

    private static Decision decide(PersistentVolume volume, Node node) {
        if (volume.deleting()) return node.exists() ? Decision.NOTHING : letGo(volume);
        boolean over = volume.status().phase() == PersistentVolumePhase.RELEASED
                && volume.spec().persistentVolumeReclaimPolicy() == PersistentVolumeReclaimPolicy.DELETE;
        return over ? Decision.of(new Action.Delete(Resources.PERSISTENT_VOLUMES, volume)) : Decision.NOTHING;
    }

    /// With its node the directory has gone; nobody else will say so.
    private static Decision letGo(PersistentVolume volume) {
        var finalizers = new ArrayList<>(volume.metadata().finalizers());
        if (!finalizers.remove(LocalPaths.DIRECTORY)) return Decision.NOTHING;
        return Decision.builder()
                .change(Action.Update.withFinalizers(Resources.PERSISTENT_VOLUMES, volume, finalizers))
                .event(Action.RecordEvent.warning(
                        volume,
                        "VolumeFailedDelete",
                        "node \"" + LocalPaths.node(volume) + "\" is gone; what it may still have of the volume stays"))
                .build();
    }
}
