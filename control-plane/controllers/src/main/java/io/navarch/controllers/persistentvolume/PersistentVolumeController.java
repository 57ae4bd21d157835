package io.navarch.controllers.persistentvolume;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Binds claims to volumes, one to one, and says what has become of volumes whose claims are gone.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/
public final class PersistentVolumeController implements LegacyController<PersistentVolumeController.Seen> {
    /// A claim with all volumes and its class, or a volume (its key has no namespace) with the claim it names.
    public record Seen(View claim, Collection<View> volumes, View storageClass, View volume) {}

    @Override
    public String name() {
        return "persistent-volume-binder";
    }

    @Override
    public String queue() {
        return "claims";
    }

    @Override
    public String eventSource() {
        return "persistentvolume-controller";
    }

    @Override
    public List<Metric> metrics() {
        return VolumeMetrics.ALL;
    }

    @Override
    public List<Metric.Sample> state(Caches caches) {
        return VolumeMetrics.state(caches);
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.PERSISTENT_VOLUME_CLAIMS.untyped(), PersistentVolumeController::ofClaim),
                new Input(Resources.PERSISTENT_VOLUMES.untyped(), PersistentVolumeController::ofVolume),
                new Input(Resources.STORAGE_CLASSES.untyped(), (caches, each) -> waiting(caches)));
    }

    private static List<ObjectKey> ofClaim(Caches caches, View claim) {
        var volume = claim.spec().get("volumeName").string();
        var keys = new ArrayList<>(List.of(claim.key()));
        if (!volume.isEmpty()) keys.add(new ObjectKey("", volume));
        // Its volume may not name it yet, or may outlive it.
        for (var each : caches.of(Resources.PERSISTENT_VOLUMES.untyped())
                .byIndex(BY_CLAIM, claim.key().toString())) keys.add(each.key());
        return keys;
    }

    private static final String BY_CLAIM = "claim";
    private static final String WAITING = "waiting";

    private static List<ObjectKey> ofVolume(Caches caches, View volume) {
        var keys = new ArrayList<>(List.of(volume.key()));
        var reference = volume.spec().get("claimRef");
        if (reference.exists())
            keys.add(new ObjectKey(
                    reference.get("namespace").string(), reference.get("name").string()));
        else keys.addAll(waiting(caches));
        return keys;
    }

    private static List<ObjectKey> waiting(Caches caches) {
        return caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).byIndex(WAITING, "").stream()
                .map(View::key)
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PERSISTENT_VOLUMES.untyped()).indexedBy(BY_CLAIM, volume -> {
            var reference = volume.spec().get("claimRef");
            return reference.exists()
                    ? List.of(new ObjectKey(
                                    reference.get("namespace").string(),
                                    reference.get("name").string())
                            .toString())
                    : List.of();
        });
        caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped())
                .indexedBy(
                        WAITING,
                        claim -> claim.annotation(ClaimDecision.BIND_COMPLETED).isEmpty() ? List.of("") : List.of());
    }

    @Override
    public List<Permission> permissions() {
        return List.of(
                Permission.of("", "persistentvolumes,persistentvolumeclaims", "patch,delete"),
                Permission.of("", "persistentvolumes/status,persistentvolumeclaims/status", "patch"));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        if (key.namespace().isEmpty()) {
            var volume = caches.of(Resources.PERSISTENT_VOLUMES.untyped()).get(key);
            if (!volume.exists()) return null;
            var reference = volume.spec().get("claimRef");
            var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped())
                    .get(new ObjectKey(
                            reference.get("namespace").string(),
                            reference.get("name").string()));
            return new Seen(claim, List.of(), View.of(null), volume);
        }
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).get(key);
        if (!claim.exists()) return null;
        var storageClass =
                caches.of(Resources.STORAGE_CLASSES.untyped()).get(new ObjectKey("", VolumeMatch.storageClass(claim)));
        return new Seen(claim, caches.of(Resources.PERSISTENT_VOLUMES.untyped()).all(), storageClass, View.of(null));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        if (!seen.volume.exists())
            return Decision.of(new ClaimDecision(seen.claim, seen.volumes, seen.storageClass).decide());
        var phase = phase(seen.volume, seen.claim);
        var known = seen.volume.status().get("phase").string();
        if (phase.isEmpty() || phase.equals(known)) return Decision.NOTHING;
        return Decision.of(List.of(new Action.Patch(
                Resources.PERSISTENT_VOLUMES.untyped(),
                seen.volume.key(),
                "status",
                Trees.map("metadata", Trees.map("uid", seen.volume.uid()), "status", Trees.map("phase", phase)))));
    }

    /// @return `""` while it is not known
    private static String phase(View volume, View claim) {
        var reference = volume.spec().get("claimRef");
        var uid = reference.get("uid").string();
        if (!reference.exists() || uid.isEmpty()) return "Available";
        if (!claim.uid().equals(uid)) return "Released";
        var named = claim.spec().get("volumeName").string();
        if (named.equals(volume.name())) return "Bound";
        // The claim has taken another volume, or is about to take this one.
        return named.isEmpty() ? "" : "Released";
    }
}
