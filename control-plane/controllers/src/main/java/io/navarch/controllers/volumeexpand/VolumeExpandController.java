package io.navarch.controllers.volumeexpand;

import io.navarch.client.Caches;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells the driver that has to make a volume larger.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
public final class VolumeExpandController implements Controller<VolumeExpandController.Seen> {
    private static final String RESIZER = "volume.kubernetes.io/storage-resizer";
    private static final String BY_VOLUME = "volume";

    public record Seen(PersistentVolumeClaim claim, PersistentVolume volume) {}

    /// Why a claim is not yet as large as it wants to be.
    enum Expanding implements Reason {
        NO_DRIVER("Ignoring the PVC: didn't find a plugin capable of expanding the volume;"
                + " waiting for an external controller to process this PVC."),
        BY_DRIVER("waiting for an external controller to expand this PVC");

        private final String message;

        Expanding(String message) {
            this.message = message;
        }

        @Override
        public String reason() {
            return "ExternalExpanding";
        }

        @Override
        public String message() {
            return message;
        }
    }

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("expand-controller")
                .queue("volume_expand")
                .eventSource("volume_expand")
                .watches(Resources.PERSISTENT_VOLUME_CLAIMS, Controller::self)
                .watches(Resources.PERSISTENT_VOLUMES, VolumeExpandController::claimsOf)
                .may("", "persistentvolumeclaims", "patch")
                .build();
    }

    private static List<ObjectKey> claimsOf(Caches caches, PersistentVolume volume) {
        return caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).byIndex(BY_VOLUME, volume.name()).stream()
                .map(PersistentVolumeClaim::key)
                .toList();
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                .indexedBy(BY_VOLUME, claim -> List.of(claim.spec().volumeName()));
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).get(key);
        if (claim.status().phase() != PersistentVolumeClaimPhase.BOUND || claim.deleting()) return Optional.empty();
        var volume = caches.of(Resources.PERSISTENT_VOLUMES)
                .get(new ObjectKey("", claim.spec().volumeName()));
        return volume.exists() ? Optional.of(new Seen(claim, volume)) : Optional.empty();
    }

    private static Quantity storage(Map<String, Quantity> resources) {
        return resources.getOrDefault("storage", Quantity.ZERO);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var claim = seen.claim;
        var wanted = storage(claim.spec().resources().requests());
        if (wanted.compareTo(storage(claim.status().capacity())) <= 0) return Decision.NOTHING;
        var driver = seen.volume.spec().csi().driver();
        if (driver.isEmpty())
            return Decision.builder()
                    .event(Action.RecordEvent.warning(claim, Expanding.NO_DRIVER))
                    .waitingOn(Expanding.NO_DRIVER)
                    .build();
        var decision = Decision.builder().waitingOn(Expanding.BY_DRIVER);
        if (claim.annotation(RESIZER).equals(driver)) return decision.build();
        var annotated = PersistentVolumeClaim.builder().metadata(metadata -> metadata.putAnnotations(RESIZER, driver));
        return decision.change(Action.Patch.of(Resources.PERSISTENT_VOLUME_CLAIMS, claim, annotated.build()))
                .event(Action.RecordEvent.normal(claim, Expanding.BY_DRIVER))
                .build();
    }
}
