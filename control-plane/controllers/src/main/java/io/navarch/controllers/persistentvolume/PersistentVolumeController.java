package io.navarch.controllers.persistentvolume;

import io.navarch.client.Caches;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.model.ObjectReference;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumePhase;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Binds claims to volumes, one to one, and maintains the phase of volumes whose claims come and go.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/
public final class PersistentVolumeController implements Controller<Seen> {
    private static final String BY_CLAIM = "claim";
    private static final String WAITING = "waiting";

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("persistent-volume-binder")
                .queue("claims")
                .eventSource("persistentvolume-controller")
                .watches(Resources.PERSISTENT_VOLUME_CLAIMS, PersistentVolumeController::ofClaim)
                .watches(Resources.PERSISTENT_VOLUMES, PersistentVolumeController::ofVolume)
                .watches(Resources.STORAGE_CLASSES, (caches, each) -> waiting(caches))
                .may("", "persistentvolumes,persistentvolumeclaims", "patch,delete")
                .may("", "persistentvolumes/status,persistentvolumeclaims/status", "patch")
                .metrics(VolumeMetrics.ALL)
                .build();
    }

    private static List<ObjectKey> ofClaim(Caches caches, PersistentVolumeClaim claim) {
        var keys = new ArrayList<>(List.of(claim.key()));
        var volume = claim.spec().volumeName();
        if (!volume.isEmpty()) keys.add(new ObjectKey("", volume));
        // Its volume may not name it yet, or may outlive it.
        for (var each : caches.of(Resources.PERSISTENT_VOLUMES)
                .byIndex(BY_CLAIM, claim.key().toString())) keys.add(each.key());
        return keys;
    }

    private static List<ObjectKey> ofVolume(Caches caches, PersistentVolume volume) {
        var keys = new ArrayList<>(List.of(volume.key()));
        if (volume.spec().hasClaimRef()) keys.add(key(volume.spec().claimRef()));
        else keys.addAll(waiting(caches));
        return keys;
    }

    private static ObjectKey key(ObjectReference reference) {
        return new ObjectKey(reference.namespace(), reference.name());
    }

    private static List<ObjectKey> waiting(Caches caches) {
        return caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).byIndex(WAITING, "").stream()
                .map(PersistentVolumeClaim::key)
                .toList();
    }

    @Override
    public List<Metric.Sample> gauges(Caches caches) {
        return VolumeMetrics.gauges(caches);
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PERSISTENT_VOLUMES)
                .indexedBy(
                        BY_CLAIM,
                        volume -> volume.spec().hasClaimRef()
                                ? List.of(key(volume.spec().claimRef()).toString())
                                : List.of());
        caches.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                .indexedBy(
                        WAITING,
                        claim -> claim.annotation(PersistentVolumes.BIND_COMPLETED)
                                        .isEmpty()
                                ? List.of("")
                                : List.of());
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        return key.namespace().isEmpty() ? observeVolume(caches, key) : observeClaim(caches, key);
    }

    private static Optional<Seen> observeVolume(Caches caches, ObjectKey key) {
        var volume = caches.of(Resources.PERSISTENT_VOLUMES).get(key);
        if (!volume.exists()) return Optional.empty();
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                .get(key(volume.spec().claimRef()));
        return Optional.of(new Seen.Volume(volume, claim));
    }

    private static Optional<Seen> observeClaim(Caches caches, ObjectKey key) {
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).get(key);
        if (!claim.exists()) return Optional.empty();
        var storageClass = caches.of(Resources.STORAGE_CLASSES).get(new ObjectKey("", VolumeMatch.storageClass(claim)));
        return Optional.of(
                new Seen.Claim(claim, caches.of(Resources.PERSISTENT_VOLUMES).all(), storageClass));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        return switch (seen) {
            case Seen.Claim claim -> ClaimDecision.of(claim);
            case Seen.Volume volume -> decide(volume);
        };
    }

    private static Decision decide(Seen.Volume seen) {
        var volume = seen.volume();
        var phase = phase(volume, seen.claim());
        if (phase == PersistentVolumePhase.UNSET || phase == volume.status().phase()) return Decision.NOTHING;
        var partial =
                PersistentVolume.builder().metadata(it -> it.uid(volume.uid())).status(status -> status.phase(phase));
        return Decision.of(Action.Patch.ofStatus(Resources.PERSISTENT_VOLUMES, volume, partial.build()));
    }

    /// @return `UNSET` while it is not known
    private static PersistentVolumePhase phase(PersistentVolume volume, PersistentVolumeClaim claim) {
        var uid = volume.spec().claimRef().uid();
        if (uid.isEmpty()) return PersistentVolumePhase.AVAILABLE;
        if (!claim.uid().equals(uid)) return PersistentVolumePhase.RELEASED;
        var named = claim.spec().volumeName();
        if (named.equals(volume.name())) return PersistentVolumePhase.BOUND;
        // The claim has taken another volume, or is about to take this one.
        return named.isEmpty() ? PersistentVolumePhase.UNSET : PersistentVolumePhase.RELEASED;
    }
}
