package io.navarch.kinds.persistentvolume;

import io.navarch.model.ApiObject;
import io.navarch.model.Node;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumePhase;
import io.navarch.objects.LabelSelector;
import io.navarch.objects.Quantity;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which volume suits a claim.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding
public final class VolumeMatch {
    private static final Set<PersistentVolumePhase> FREE =
            Set.of(PersistentVolumePhase.AVAILABLE, PersistentVolumePhase.PENDING, PersistentVolumePhase.UNSET);

    private VolumeMatch() {}

    /// Why a volume cannot be a claim's own.
    public enum Mismatch {
        SIZE("requested PV is too small"),
        CLASS("storageClassName does not match"),
        MODE("incompatible volumeMode"),
        ACCESS("incompatible accessMode");

        private final String text;

        Mismatch(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// How much a claim wants.
    public static Quantity requested(PersistentVolumeClaim claim) {
        return storage(claim.spec().resources().requests());
    }

    private static Quantity storage(Map<String, Quantity> resources) {
        return resources.getOrDefault("storage", Quantity.ZERO);
    }

    /// How much a volume has.
    public static Quantity capacity(PersistentVolume volume) {
        return storage(volume.spec().capacity());
    }

    public static String storageClass(PersistentVolumeClaim claim) {
        return storageClass(claim, claim.spec().storageClassName());
    }

    public static String storageClass(PersistentVolume volume) {
        return storageClass(volume, volume.spec().storageClassName());
    }

    private static String storageClass(ApiObject object, String field) {
        return object.annotations().getOrDefault("volume.beta.kubernetes.io/storage-class", field);
    }

    /// Whether a volume is reserved for this claim: by name, or for it alone.
    public static boolean reservedFor(PersistentVolume volume, PersistentVolumeClaim claim) {
        var reference = volume.spec().claimRef();
        return reference.exists()
                && reference.namespace().equals(claim.namespace())
                && reference.name().equals(claim.name())
                && (reference.uid().isEmpty() || reference.uid().equals(claim.uid()));
    }

    public static boolean freeFor(PersistentVolume volume, PersistentVolumeClaim claim) {
        return !volume.spec().hasClaimRef() || reservedFor(volume, claim);
    }

    /// Why a volume that a claim names cannot be its own, empty when it can.
    public static Optional<Mismatch> mismatch(PersistentVolume volume, PersistentVolumeClaim claim) {
        var wanted = claim.spec();
        if (capacity(volume).compareTo(requested(claim)) < 0) return Optional.of(Mismatch.SIZE);
        if (!storageClass(volume).equals(storageClass(claim))) return Optional.of(Mismatch.CLASS);
        if (PersistentVolumes.mode(volume) != PersistentVolumes.mode(wanted.volumeMode()))
            return Optional.of(Mismatch.MODE);
        return volume.spec().accessModes().containsAll(wanted.accessModes())
                ? Optional.empty()
                : Optional.of(Mismatch.ACCESS);
    }

    /// The volume that is reserved for a claim, else the smallest free one that suits it.
    public static Optional<PersistentVolume> best(Collection<PersistentVolume> volumes, PersistentVolumeClaim claim) {
        var selector = LabelSelector.ofObject(claim.spec().selector());
        var attributes = claim.spec().volumeAttributesClassName();
        return volumes.stream()
                .filter(volume -> !volume.deleting() && mismatch(volume, claim).isEmpty())
                .filter(volume -> volume.spec().volumeAttributesClassName().equals(attributes))
                .filter(volume -> reservedFor(volume, claim)
                        || !volume.spec().hasClaimRef()
                                && FREE.contains(volume.status().phase())
                                && selector.matches(volume.labels()))
                .min(Comparator.comparing((PersistentVolume volume) -> !reservedFor(volume, claim))
                        .thenComparing(VolumeMatch::capacity)
                        .thenComparing(PersistentVolume::name));
    }

    /// The same among those that a node can use.
    public static Optional<PersistentVolume> best(
            Collection<PersistentVolume> volumes, PersistentVolumeClaim claim, Node node) {
        var reserved =
                volumes.stream().filter(volume -> reservedFor(volume, claim)).toList();
        // Nothing else will do.
        var possible = reserved.isEmpty() ? volumes : reserved;
        return best(
                possible.stream()
                        .filter(volume -> PersistentVolumes.reachable(volume, node))
                        .toList(),
                claim);
    }
}
