package io.navarch.controllers.persistentvolume;

import io.navarch.objects.LabelSelector;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.Collection;
import java.util.Comparator;

/// Which volume suits a claim.
///
/// Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding
final class VolumeMatch {
    private VolumeMatch() {}

    static Quantity capacity(View volume) {
        return Quantity.parseOr(volume.spec().get("capacity", "storage").value(), Quantity.ZERO);
    }

    private static Quantity requested(View claim) {
        return Quantity.parseOr(
                claim.spec().get("resources", "requests", "storage").value(), Quantity.ZERO);
    }

    static String storageClass(View object) {
        var old = object.annotation("volume.beta.kubernetes.io/storage-class");
        return old.isEmpty() ? object.spec().get("storageClassName").string() : old;
    }

    /// Whether a volume keeps itself for this claim: by name, or for it alone.
    static boolean reservedFor(View volume, View claim) {
        var reference = volume.spec().get("claimRef");
        var uid = reference.get("uid").string();
        return reference.exists()
                && reference.get("namespace").string().equals(claim.namespace())
                && reference.get("name").string().equals(claim.name())
                && (uid.isEmpty() || uid.equals(claim.uid()));
    }

    /// Why a volume that a claim names cannot be its own, `""` when it can.
    static String mismatch(View volume, View claim) {
        if (capacity(volume).compareTo(requested(claim)) < 0) return "requested PV is too small";
        if (!storageClass(volume).equals(storageClass(claim))) return "storageClassName does not match";
        if (!mode(volume).equals(mode(claim))) return "incompatible volumeMode";
        if (!volume.spec()
                .get("accessModes")
                .strings()
                .containsAll(claim.spec().get("accessModes").strings())) return "incompatible accessMode";
        return "";
    }

    private static String mode(View object) {
        return object.spec().get("volumeMode").stringOr("Filesystem");
    }

    /// The volume that is kept for a claim, else the smallest free one that suits it; absent when there is none.
    static View best(Collection<View> volumes, View claim) {
        var selector = LabelSelector.ofObject(claim.spec().get("selector"));
        return volumes.stream()
                .filter(volume -> !volume.deleting() && mismatch(volume, claim).isEmpty())
                .filter(volume -> volume.spec()
                        .get("volumeAttributesClassName")
                        .string()
                        .equals(claim.spec().get("volumeAttributesClassName").string()))
                .filter(volume -> reservedFor(volume, claim)
                        || !volume.spec().get("claimRef").exists() && free(volume) && selector.matches(volume.labels()))
                .min(Comparator.comparing((View volume) -> !reservedFor(volume, claim))
                        .thenComparing(VolumeMatch::capacity)
                        .thenComparing(View::name))
                .orElse(View.of(null));
    }

    private static boolean free(View volume) {
        var phase = volume.status().get("phase").stringOr("Available");
        return phase.equals("Available") || phase.equals("Pending");
    }
}
