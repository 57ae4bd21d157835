package io.navarch.controllers.volumeexpand;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Tells who has to make a volume larger.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
public final class VolumeExpandController implements LegacyController<VolumeExpandController.Seen> {
    private static final String RESIZER = "volume.kubernetes.io/storage-resizer";

    private static final String BY_VOLUME = "volume";

    public record Seen(View claim, View volume) {}

    @Override
    public String name() {
        return "expand-controller";
    }

    @Override
    public String queue() {
        return "volume_expand";
    }

    @Override
    public String eventSource() {
        return "volume_expand";
    }

    @Override
    public List<Input> inputs() {
        return List.of(
                new Input(Resources.PERSISTENT_VOLUME_CLAIMS.untyped(), LegacyController::self),
                new Input(
                        Resources.PERSISTENT_VOLUMES.untyped(),
                        (caches, volume) ->
                                caches
                                        .of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped())
                                        .byIndex(BY_VOLUME, volume.name())
                                        .stream()
                                        .map(View::key)
                                        .toList()));
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of("", "persistentvolumeclaims", "patch"));
    }

    @Override
    public void prepare(Caches caches) {
        caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped())
                .indexedBy(
                        BY_VOLUME,
                        claim -> List.of(claim.spec().get("volumeName").string()));
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var claim = caches.of(Resources.PERSISTENT_VOLUME_CLAIMS.untyped()).get(key);
        if (!claim.status().get("phase").string().equals("Bound") || claim.deleting()) return null;
        var volume = caches.of(Resources.PERSISTENT_VOLUMES.untyped())
                .get(new ObjectKey("", claim.spec().get("volumeName").string()));
        return volume.exists() ? new Seen(claim, volume) : null;
    }

    private static Quantity size(View value) {
        return Quantity.parseOr(value.value(), Quantity.ZERO);
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var wanted = size(seen.claim.spec().get("resources", "requests", "storage"));
        if (wanted.compareTo(size(seen.claim.status().get("capacity", "storage"))) <= 0) return Decision.NOTHING;
        var driver = seen.volume.spec().get("csi", "driver").string();
        var actions = new ArrayList<Action>();
        if (driver.isEmpty()) {
            actions.add(
                    Action.RecordEvent.warning(
                            seen.claim,
                            "ExternalExpanding",
                            "Ignoring the PVC: didn't find a plugin capable of expanding the volume; waiting for an external controller to process this PVC."));
            return Decision.of(actions);
        }
        if (seen.claim.annotation(RESIZER).equals(driver)) return Decision.NOTHING;
        actions.add(new Action.Patch(
                Resources.PERSISTENT_VOLUME_CLAIMS.untyped(),
                seen.claim.key(),
                "",
                Trees.map("metadata", Trees.map("annotations", Trees.map(RESIZER, driver)))));
        actions.add(Action.RecordEvent.normal(
                seen.claim, "ExternalExpanding", "waiting for an external controller to expand this PVC"));
        return Decision.of(actions);
    }
}
