package io.navarch.controllers.protection;

import io.navarch.client.Caches;
import io.navarch.controllers.PodClaims;
import io.navarch.kinds.persistentvolumeclaim.StorageObjectInUseProtection;
import io.navarch.kinds.pod.PodVolumes;
import io.navarch.kinds.pod.Pods;
import io.navarch.model.ApiObject;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumePhase;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.ResourceType;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Takes the protecting finalizer off a deleted object once nothing uses it.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection
public final class ProtectionController<T extends ApiObject> implements Controller<ProtectionController.Seen> {
    /// @param used whether anything still uses the object
    public record Seen(ApiObject object, boolean used) {}

    private static final Reason IN_USE = Reason.of("InUse", "the object is still in use");

    /// Whether something uses an object.
    @FunctionalInterface
    private interface Usage<T> {
        boolean of(T object, Caches caches);
    }

    private final ResourceType<T> type;
    private final String finalizer;
    private final ControllerWiring wiring;
    private final Usage<T> usage;

    private ProtectionController(
            ResourceType<T> type, String finalizer, ControllerWiring.Builder wiring, Usage<T> usage) {
        this.type = type;
        this.finalizer = finalizer;
        this.wiring = wiring.may(type.group(), type.plural(), "update").build();
        this.usage = usage;
    }

    /// Claims are used by pods that are on a node, whatever became of these there.
    public static ProtectionController<PersistentVolumeClaim> claims() {
        return new ProtectionController<>(
                Resources.PERSISTENT_VOLUME_CLAIMS,
                StorageObjectInUseProtection.CLAIM,
                ControllerWiring.of("pvc-protection-controller")
                        .queue("pvcprotection")
                        .watches(Resources.PERSISTENT_VOLUME_CLAIMS, Controller::self)
                        .watches(Resources.PODS, PodClaims::of),
                (claim, caches) -> PodClaims.using(caches, claim.key()).stream().anyMatch(pod -> uses(pod, claim)));
    }

    /// A node starts no pod with a claim that goes. One for a pod alone goes with the pod, also if that waits for it.
    public static boolean uses(Pod pod, PersistentVolumeClaim claim) {
        if (!Pods.assigned(pod)) return false;
        boolean shutDown = pod.deleting()
                && pod.metadata().hasDeletionGracePeriodSeconds()
                && pod.metadata().deletionGracePeriodSeconds() == 0;
        return pod.spec().volumes().stream()
                .anyMatch(volume -> volume.hasEphemeral()
                        ? !shutDown
                                && PodVolumes.claimName(pod, volume).equals(claim.name())
                                && PodVolumes.madeFor(pod, claim)
                        : volume.persistentVolumeClaim().claimName().equals(claim.name()));
    }

    /// Volumes are used while a claim is bound to them.
    public static ProtectionController<PersistentVolume> volumes() {
        return new ProtectionController<>(
                Resources.PERSISTENT_VOLUMES,
                StorageObjectInUseProtection.VOLUME,
                ControllerWiring.of("pv-protection-controller")
                        .queue("pvprotection")
                        .watches(Resources.PERSISTENT_VOLUMES, Controller::self),
                (volume, caches) -> volume.status().phase() == PersistentVolumePhase.BOUND);
    }

    /// Attribute classes are used by claims and volumes that name them.
    public static ProtectionController<?> attributeClasses() {
        return new ProtectionController<>(
                Resources.VOLUME_ATTRIBUTES_CLASSES,
                StorageObjectInUseProtection.ATTRIBUTES,
                ControllerWiring.of("volumeattributesclass-protection-controller")
                        .queue("volumeattributesclassprotection")
                        .watches(Resources.VOLUME_ATTRIBUTES_CLASSES, Controller::self)
                        .watches(Resources.PERSISTENT_VOLUME_CLAIMS, ProtectionController::ofClaim)
                        .watches(Resources.PERSISTENT_VOLUMES, ProtectionController::ofVolume),
                (attributes, caches) -> Stream.concat(
                                caches.of(Resources.PERSISTENT_VOLUME_CLAIMS).all().stream()
                                        .map(ProtectionController::ofClaim),
                                caches.of(Resources.PERSISTENT_VOLUMES).all().stream()
                                        .map(ProtectionController::ofVolume))
                        .anyMatch(classes -> classes.contains(attributes.key())));
    }

    private static List<ObjectKey> ofClaim(PersistentVolumeClaim claim) {
        return keys(claim.spec().volumeAttributesClassName(), claim.status().currentVolumeAttributesClassName());
    }

    private static List<ObjectKey> ofVolume(PersistentVolume volume) {
        return keys(volume.spec().volumeAttributesClassName());
    }

    private static List<ObjectKey> keys(String... names) {
        return Stream.of(names)
                .filter(name -> !name.isEmpty())
                .map(name -> new ObjectKey("", name))
                .toList();
    }

    @Override
    public ControllerWiring wiring() {
        return wiring;
    }

    @Override
    public void prepare(Caches caches) {
        if (type.equals(Resources.PERSISTENT_VOLUME_CLAIMS)) PodClaims.index(caches);
    }

    @Override
    public Optional<Seen> observe(Caches caches, ObjectKey key) {
        var object = caches.of(type).get(key);
        return object.exists()
                        && object.deleting()
                        && object.metadata().finalizers().contains(finalizer)
                ? Optional.of(new Seen(object, usage.of(object, caches)))
                : Optional.empty();
    }

    @Override
    public Decision decide(Seen seen, Instant now) {
        var finalizers = new ArrayList<>(seen.object.metadata().finalizers());
        if (!finalizers.remove(finalizer)) return Decision.NOTHING;
        if (seen.used) return Decision.builder().waitingOn(IN_USE).build();
        return Decision.of(Action.Update.withFinalizers(type, seen.object, finalizers));
    }
}
