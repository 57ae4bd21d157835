package io.navarch.controllers.persistentvolume;

import io.navarch.controllers.persistentvolume.ClaimReason.Kind;
import io.navarch.kinds.persistentvolume.PersistentVolumes;
import io.navarch.kinds.persistentvolume.VolumeMatch;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.PersistentVolumeClaimStatus;
import io.navarch.model.Resources;
import io.navarch.model.VolumeBindingMode;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Decision;
import java.util.List;
import java.util.Optional;

/// What to do for a claim: bind it, have a volume made for it, or declare that it has lost its own.
final class ClaimDecision {
    private static final String OLD_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

    private final Seen.Claim seen;
    private final PersistentVolumeClaim claim;

    private ClaimDecision(Seen.Claim seen) {
        this.seen = seen;
        claim = seen.claim();
    }

    static Decision of(Seen.Claim seen) {
        var claim = seen.claim();
        var named = claim.spec().volumeName();
        if (claim.deleting() && named.isEmpty()) return Decision.NOTHING;
        var decision = new ClaimDecision(seen);
        if (!claim.annotation(PersistentVolumes.BIND_COMPLETED).isEmpty()) return decision.bound(named);
        return named.isEmpty() ? decision.find() : decision.unbound(named);
    }

    private Optional<PersistentVolume> volume(String name) {
        return seen.volumes().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /// Not bound yet, though it names the volume that it wants.
    private Decision unbound(String named) {
        var volume = volume(named);
        if (volume.isEmpty()) return pending(ClaimReason.of(Kind.VOLUME_MISSING, named));
        if (!VolumeMatch.freeFor(volume.get(), claim))
            return pendingWithEvent(ClaimReason.of(Kind.VOLUME_TAKEN, named));
        return VolumeMatch.mismatch(volume.get(), claim)
                .map(mismatch -> pendingWithEvent(ClaimReason.of(Kind.VOLUME_UNSUITABLE, named, mismatch.text())))
                .orElseGet(() -> bind(volume.get()));
    }

    private Decision find() {
        boolean reserved = seen.volumes().stream().anyMatch(each -> VolumeMatch.reservedFor(each, claim));
        if (waitsForPod() && !reserved) return pendingWithEvent(ClaimReason.of(Kind.FIRST_CONSUMER));
        return VolumeMatch.best(seen.volumes(), claim).map(this::bind).orElseGet(this::provision);
    }

    private boolean waitsForPod() {
        return seen.storageClass().volumeBindingMode() == VolumeBindingMode.WAIT_FOR_FIRST_CONSUMER
                && claim.annotation(PersistentVolumes.SELECTED_NODE).isEmpty();
    }

    /// Tells the provisioner of the claim's class, which runs elsewhere, to make a volume.
    private Decision provision() {
        var name = VolumeMatch.storageClass(claim);
        if (name.isEmpty()) return pendingWithEvent(ClaimReason.of(Kind.NO_CLASS));
        if (!seen.storageClass().exists()) return pendingWithEvent(ClaimReason.of(Kind.CLASS_MISSING, name));
        var provisioner = seen.storageClass().provisioner();
        if (provisioner.equals(NO_PROVISIONER)) return pending(ClaimReason.of(Kind.NO_VOLUME));
        var reason = ClaimReason.of(Kind.PROVISIONING, provisioner);
        if (claim.annotation(PersistentVolumes.PROVISIONER).equals(provisioner)) return pendingWithEvent(reason);
        var annotated = PersistentVolumeClaim.builder()
                .metadata(it -> it.putAnnotations(OLD_PROVISIONER, provisioner)
                        .putAnnotations(PersistentVolumes.PROVISIONER, provisioner));
        return Decision.builder()
                .change(Action.Patch.of(Resources.PERSISTENT_VOLUME_CLAIMS, claim, annotated.build()))
                .changes(phase(PersistentVolumeClaimPhase.PENDING))
                .event(event(reason))
                .waitingOn(reason)
                .build();
    }

    private Decision bound(String name) {
        if (name.isEmpty()) return lost(ClaimReason.of(Kind.LOST_REFERENCE));
        var volume = volume(name);
        if (volume.isEmpty()) return lost(ClaimReason.of(Kind.LOST_VOLUME));
        if (!VolumeMatch.freeFor(volume.get(), claim)) return lost(ClaimReason.of(Kind.MISBOUND));
        return isOwn(volume.get()) ? Decision.of(boundStatus(volume.get())) : bind(volume.get());
    }

    private boolean isOwn(PersistentVolume volume) {
        return volume.spec().claimRef().uid().equals(claim.uid());
    }

    /// First the volume, then the claim: of two claims that want one volume the second finds it changed.
    private Decision bind(PersistentVolume volume) {
        var decision = Decision.builder();
        if (!isOwn(volume)) decision.change(reserve(volume));
        boolean chosen = claim.spec().volumeName().isEmpty();
        var bound = PersistentVolumeClaim.builder()
                .metadata(it -> {
                    it.uid(claim.uid()).putAnnotations(PersistentVolumes.BIND_COMPLETED, "yes");
                    if (chosen) it.putAnnotations(PersistentVolumes.BOUND_BY_CONTROLLER, "yes");
                })
                .spec(spec -> spec.volumeName(volume.name()));
        return decision.change(Action.Patch.of(Resources.PERSISTENT_VOLUME_CLAIMS, claim, bound.build()))
                .changes(boundStatus(volume))
                .build();
    }

    private Action reserve(PersistentVolume volume) {
        var reserved = PersistentVolume.builder()
                .metadata(it -> {
                    it.resourceVersion(volume.resourceVersion());
                    if (!volume.spec().hasClaimRef()) it.putAnnotations(PersistentVolumes.BOUND_BY_CONTROLLER, "yes");
                })
                .spec(spec -> spec.claimRef(reference -> reference
                        .kind(Resources.PERSISTENT_VOLUME_CLAIMS.kind())
                        .apiVersion(Resources.PERSISTENT_VOLUME_CLAIMS.apiVersion())
                        .namespace(claim.namespace())
                        .name(claim.name())
                        .uid(claim.uid())
                        .resourceVersion(claim.resourceVersion())));
        return Action.Patch.of(Resources.PERSISTENT_VOLUMES, volume, reserved.build());
    }

    private Decision lost(ClaimReason reason) {
        var decision = Decision.builder().waitingOn(reason);
        if (claim.status().phase() == PersistentVolumeClaimPhase.LOST) return decision.build();
        return decision.changes(phase(PersistentVolumeClaimPhase.LOST))
                .event(event(reason))
                .build();
    }

    private Decision pending(ClaimReason reason) {
        return Decision.builder()
                .changes(phase(PersistentVolumeClaimPhase.PENDING))
                .waitingOn(reason)
                .build();
    }

    private Decision pendingWithEvent(ClaimReason reason) {
        return Decision.builder()
                .changes(phase(PersistentVolumeClaimPhase.PENDING))
                .event(event(reason))
                .waitingOn(reason)
                .build();
    }

    private Action.RecordEvent event(ClaimReason reason) {
        return new Action.RecordEvent(claim.view(), reason.eventType(), reason);
    }

    private List<Action> phase(PersistentVolumeClaimPhase phase) {
        return claim.status().phase() == phase
                ? List.of()
                : List.of(status(PersistentVolumeClaimStatus.builder().phase(phase)));
    }

    private List<Action> boundStatus(PersistentVolume volume) {
        var status = claim.status();
        boolean first = status.phase() != PersistentVolumeClaimPhase.BOUND || !status.hasCapacity();
        var wanted = PersistentVolumeClaimStatus.builder()
                .phase(PersistentVolumeClaimPhase.BOUND)
                .accessModes(volume.spec().accessModes());
        // After that the node agent and resizing maintain the capacity.
        if (first) wanted.capacity(volume.spec().capacity());
        else if (wanted.build().accessModes().equals(status.accessModes())) return List.of();
        return List.of(status(wanted));
    }

    private Action status(PersistentVolumeClaimStatus.Builder status) {
        var partial = PersistentVolumeClaim.builder()
                .metadata(it -> it.uid(claim.uid()))
                .status(status.build());
        return Action.Patch.ofStatus(Resources.PERSISTENT_VOLUME_CLAIMS, claim, partial.build());
    }
}
