package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.kinds.storageclass.StorageClasses;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.kinds.types.Types;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.PersistentVolumeClaimSpec;
import io.navarch.model.PersistentVolumeClaimStatus;
import io.navarch.model.Resources;
import io.navarch.model.VolumeResourceRequirements;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// PersistentVolumeClaim: storage that a namespace asks for.
public final class PersistentVolumeClaimKind {
    private PersistentVolumeClaimKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.PERSISTENT_VOLUME_CLAIMS)
                .showsDeleted()
                .version(
                        types.get("V1PersistentVolumeClaim"),
                        columns -> columns.name()
                                .text("Status", PersistentVolumeClaimKind::status)
                                .text("Volume", claim -> claim.spec().volumeName())
                                .text(
                                        "Capacity",
                                        claim -> bound(claim, PersistentVolumeClaimStatus.CAPACITY)
                                                .get(ResourceNames.STORAGE)
                                                .text())
                                .text(
                                        "Access Modes",
                                        claim -> AccessModes.text(
                                                bound(claim, PersistentVolumeClaimStatus.ACCESS_MODES)))
                                .text("StorageClass", StorageClasses::of)
                                .text(
                                        "VolumeAttributesClass",
                                        claim -> claim.spec().volumeAttributesClassNameOr("<unset>"))
                                .age()
                                .wide(
                                        "VolumeMode",
                                        claim -> claim.spec()
                                                .raw(PersistentVolumeClaimSpec.VOLUME_MODE)
                                                .stringOr("<unset>")))
                .shortNames("pvc")
                .withStatus()
                .preparedBy(PersistentVolumeClaim::edit, PersistentVolumeClaimKind::prepare)
                .statusRuledBy((claim, old) -> ClaimStatusRules.check(claim.status()))
                .ruledBy(PersistentVolumeClaimKind::check)
                .warning((claim, old) -> warnings(claim))
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.CHANGE)
                .build();
    }

    private static String status(PersistentVolumeClaim claim) {
        return claim.deleting() ? "Terminating" : claim.status().phase().text();
    }

    /// A field of the status, absent as long as the claim has no volume.
    private static View bound(PersistentVolumeClaim claim, String field) {
        return claim.spec().volumeName().isEmpty()
                ? View.ABSENT
                : claim.status().raw(field);
    }

    private static void prepare(PersistentVolumeClaim.Builder claim, PersistentVolumeClaim old) {
        if (!old.exists())
            claim.status(PersistentVolumeClaimStatus.builder()
                    .phase(PersistentVolumeClaimPhase.PENDING)
                    .build());
        claim.editSpec(spec -> DataSources.prepare(spec, old.spec()));
    }

    private static List<FieldError> check(PersistentVolumeClaim claim, PersistentVolumeClaim old) {
        var check = new Check();
        spec(claim.spec(), old.spec(), "spec", check);
        if (old.exists()) update(claim, old, check);
        return check.errors();
    }

    /// What a claim must ask for, also one that is made for a pod.
    public static void spec(PersistentVolumeClaimSpec spec, String path, Check check) {
        spec(spec, PersistentVolumeClaimSpec.ABSENT, path, check);
    }

    private static void spec(PersistentVolumeClaimSpec spec, PersistentVolumeClaimSpec old, String path, Check check) {
        if (spec.accessModes().isEmpty())
            check.add(FieldError.required(path + ".accessModes", "at least 1 access mode is required"));
        else AccessModes.check(spec.raw(PersistentVolumeClaimSpec.ACCESS_MODES), path + ".accessModes", check);
        var storage = spec.resources().raw(VolumeResourceRequirements.REQUESTS).get(ResourceNames.STORAGE);
        if (!storage.exists()) check.add(FieldError.required(path + ".resources[storage]"));
        else if (Claims.requested(spec).value().signum() <= 0)
            check.add(FieldError.invalid(path + ".resources[storage]", storage.text(), "must be greater than zero"));
        DataSources.check(spec, old, path, check);
    }

    private static List<String> warnings(PersistentVolumeClaim claim) {
        var result = new ArrayList<String>();
        if (claim.annotations().containsKey(StorageClasses.ANNOTATION))
            result.add("metadata.annotations[" + StorageClasses.ANNOTATION
                    + "]: deprecated since v1.8; use \"storageClassName\" attribute instead");
        var resources = claim.spec().resources();
        fraction(resources.requests(), "requests", result);
        fraction(resources.limits(), "limits", result);
        return result;
    }

    private static void fraction(Map<String, Quantity> amounts, String field, List<String> warnings) {
        var amount = amounts.getOrDefault(ResourceNames.STORAGE, Quantity.ZERO);
        if (amount.value().stripTrailingZeros().scale() > 0)
            warnings.add("spec.resources." + field + "[storage]: fractional byte value \"" + amount
                    + "\" is invalid, must be an integer");
    }

    private static void update(PersistentVolumeClaim claim, PersistentVolumeClaim old, Check check) {
        boolean bound = claim.status().phase() == PersistentVolumeClaimPhase.BOUND;
        var now = fixed(claim, bound);
        var before = fixed(old, bound);
        // Binding writes the volume's name once, and a missing class may still be filled in.
        if (!old.spec().hasVolumeName()) now.clearVolumeName();
        if (classMayBeSet(claim, old)) now.clearStorageClassName();
        if (!now.build().semanticEquals(before.build()))
            check.add(
                    FieldError.forbidden(
                            "spec",
                            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
        var mode = PersistentVolumeClaimSpec.VOLUME_MODE;
        check.immutable(claim.spec().raw(mode), old.spec().raw(mode), mode);
        var size = Claims.requested(claim.spec());
        boolean shrinks = size.compareTo(Claims.requested(old.spec())) < 0;
        if (shrinks && size.compareTo(Claims.capacity(old)) <= 0)
            check.add(FieldError.forbidden(
                    "spec.resources.requests.storage", "field can not be less than status.capacity"));
    }

    /// A class may be named where there was none, unless the old annotation names another one.
    private static boolean classMayBeSet(PersistentVolumeClaim claim, PersistentVolumeClaim old) {
        if (old.spec().hasStorageClassName()) return false;
        var before = old.annotations().get(StorageClasses.ANNOTATION);
        return before == null || before.equals(claim.spec().storageClassName());
    }

    private static PersistentVolumeClaimSpec.Builder fixed(PersistentVolumeClaim claim, boolean bound) {
        var spec = claim.spec().toBuilder();
        return bound
                ? spec.editResources(resources -> resources.clearRequests()).clearVolumeAttributesClassName()
                : spec;
    }
}
