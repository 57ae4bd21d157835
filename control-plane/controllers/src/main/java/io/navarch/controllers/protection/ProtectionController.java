package io.navarch.controllers.protection;

import io.navarch.client.Caches;
import io.navarch.controllers.LegacyController;
import io.navarch.controllers.PodClaims;
import io.navarch.controllers.Pods;
import io.navarch.kinds.persistentvolumeclaim.StorageObjectInUseProtection;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.ControllerWiring.Permission;
import io.navarch.reconcile.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Takes the protecting finalizer off a deleted object when no user of it is left.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection
public final class ProtectionController implements LegacyController<ProtectionController.Seen> {
    /// @param used whether anything still uses the object
    public record Seen(View object, boolean used) {}

    /// Whether something uses an object.
    private interface Usage {
        boolean of(View object, Caches caches);
    }

    private final String name;
    private final ResourceType<View> type;
    private final String finalizer;
    private final List<Input> inputs;
    private final Usage usage;

    private ProtectionController(
            String name, ResourceType<View> type, String finalizer, List<Input> inputs, Usage usage) {
        this.name = name;
        this.type = type;
        this.finalizer = finalizer;
        this.inputs = inputs;
        this.usage = usage;
    }

    /// Claims are used by pods that have not ended.
    public static ProtectionController claims() {
        return new ProtectionController(
                "pvc-protection-controller",
                Resources.PERSISTENT_VOLUME_CLAIMS.untyped(),
                StorageObjectInUseProtection.CLAIM,
                List.of(
                        new Input(Resources.PERSISTENT_VOLUME_CLAIMS.untyped(), LegacyController::self),
                        new Input(Resources.PODS.untyped(), PodClaims::of)),
                (claim, caches) -> PodClaims.pods(caches, claim.key()).stream().anyMatch(pod -> !Pods.ended(pod)));
    }

    /// Volumes are used while a claim is bound to them.
    public static ProtectionController volumes() {
        return new ProtectionController(
                "pv-protection-controller",
                Resources.PERSISTENT_VOLUMES.untyped(),
                StorageObjectInUseProtection.VOLUME,
                List.of(new Input(Resources.PERSISTENT_VOLUMES.untyped(), LegacyController::self)),
                (volume, caches) -> volume.status().get("phase").string().equals("Bound"));
    }

    /// Attribute classes are used by claims and volumes that name them.
    public static ProtectionController attributeClasses() {
        return new ProtectionController(
                "volumeattributesclass-protection-controller",
                Resources.VOLUME_ATTRIBUTES_CLASSES.untyped(),
                StorageObjectInUseProtection.ATTRIBUTES,
                List.of(
                        new Input(Resources.VOLUME_ATTRIBUTES_CLASSES.untyped(), LegacyController::self),
                        new Input(Resources.PERSISTENT_VOLUME_CLAIMS.untyped(), ProtectionController::classOf),
                        new Input(Resources.PERSISTENT_VOLUMES.untyped(), ProtectionController::classOf)),
                (attributes, caches) -> {
                    for (var user : List.of(
                            Resources.PERSISTENT_VOLUME_CLAIMS.untyped(), Resources.PERSISTENT_VOLUMES.untyped())) {
                        for (var object : caches.of(user).all())
                            if (classOf(object).contains(attributes.key())) return true;
                    }
                    return false;
                });
    }

    private static List<ObjectKey> classOf(View object) {
        var keys = new ArrayList<ObjectKey>();
        for (var path : List.of("spec.volumeAttributesClassName", "status.currentVolumeAttributesClassName")) {
            var name = object.path(path).string();
            if (!name.isEmpty()) keys.add(new ObjectKey("", name));
        }
        return keys;
    }

    @Override
    public String name() {
        return name;
    }

    /// `pvcprotection`, `pvprotection`.
    @Override
    public String queue() {
        return name.replace("-controller", "").replace("-", "");
    }

    @Override
    public List<Input> inputs() {
        return inputs;
    }

    @Override
    public List<Permission> permissions() {
        return List.of(Permission.of(type.group(), type.plural(), "update"));
    }

    @Override
    public void prepare(Caches caches) {
        if (type.equals(Resources.PERSISTENT_VOLUME_CLAIMS.untyped())) PodClaims.index(caches);
    }

    @Override
    public Seen look(Caches caches, ObjectKey key) {
        var object = caches.of(type).get(key);
        if (!object.exists() || !object.deleting()) return null;
        return new Seen(object, usage.of(object, caches));
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var finalizers = seen.object.metadata().get("finalizers").strings();
        if (seen.used || !finalizers.contains(finalizer)) return Decision.of(List.of());
        var object = Trees.copy(seen.object.map());
        Trees.childList(Trees.child(object, "metadata"), "finalizers").remove(finalizer);
        return Decision.of(List.of(new Action.Update(type, object, "")));
    }
}
