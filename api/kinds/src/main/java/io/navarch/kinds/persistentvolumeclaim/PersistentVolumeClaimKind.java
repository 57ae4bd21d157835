package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.kinds.persistentvolume.PersistentVolumeKind;
import io.navarch.kinds.persistentvolume.PersistentVolumeRules;
import io.navarch.kinds.storageclass.StorageClasses;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.kinds.types.Types;
import io.navarch.model.PersistentVolumeClaim;
import io.navarch.model.PersistentVolumeClaimPhase;
import io.navarch.model.PersistentVolumeClaimSpec;
import io.navarch.model.PersistentVolumeClaimStatus;
import io.navarch.model.Resources;
import io.navarch.model.TypedLocalObjectReference;
import io.navarch.model.TypedObjectReference;
import io.navarch.model.VolumeResourceRequirements;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import java.util.List;

/// PersistentVolumeClaim: storage that a namespace asks for.
public final class PersistentVolumeClaimKind {
    private static final String CLAIM = Resources.PERSISTENT_VOLUME_CLAIMS.kind();

    private PersistentVolumeClaimKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.PERSISTENT_VOLUME_CLAIMS)
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
                                        claim -> PersistentVolumeKind.modes(
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
                .preparedBy((claim, old) -> {
                    var pending = PersistentVolumeClaimStatus.builder().phase(PersistentVolumeClaimPhase.PENDING);
                    if (!old.exists()) PersistentVolumeClaim.edit(claim).status(pending.build());
                })
                .defaultedBy(claim -> PersistentVolumeClaim.edit(claim).editSpec(PersistentVolumeClaimKind::sources))
                .statusRuledBy((claim, old) -> checkStatus(claim.status()))
                .ruledBy(PersistentVolumeClaimKind::check)
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

    /// `dataSource` and `dataSourceRef` say the same when a claim's own namespace is meant.
    private static void sources(PersistentVolumeClaimSpec.Builder spec) {
        var source = spec.build().dataSource();
        var reference = spec.build().dataSourceRef();
        if (source.exists() && !reference.exists()) spec.dataSourceRef(TypedObjectReference.of(source.view()));
        if (!reference.exists() || source.exists() || !reference.namespace().isEmpty()) return;
        var group = reference.apiGroup();
        boolean known = group.isEmpty() && reference.kind().equals(CLAIM)
                || group.equals("snapshot.storage.k8s.io") && reference.kind().equals("VolumeSnapshot");
        if (known)
            spec.dataSource(TypedLocalObjectReference.of(
                    reference.toBuilder().clearNamespace().build().view()));
    }

    private static List<FieldError> checkStatus(PersistentVolumeClaimStatus status) {
        var check = new Check();
        status.capacity().forEach((name, amount) -> {
            if (amount.negative())
                check.add(FieldError.invalid(
                        "status.capacity[" + name + "]", amount.toString(), "must be a valid resource quantity"));
        });
        return check.errors();
    }

    private static List<FieldError> check(PersistentVolumeClaim claim, PersistentVolumeClaim old) {
        var check = new Check();
        spec(claim.spec(), "spec", check);
        if (old.exists()) update(claim, old, check);
        return check.errors();
    }

    /// What a claim must ask for, also one that is made for a pod.
    public static void spec(PersistentVolumeClaimSpec spec, String path, Check check) {
        if (spec.accessModes().isEmpty())
            check.add(FieldError.required(path + ".accessModes", "at least 1 access mode is required"));
        else
            PersistentVolumeRules.modes(spec.raw(PersistentVolumeClaimSpec.ACCESS_MODES), path + ".accessModes", check);
        var source = TypedObjectReference.of(spec.dataSource().view());
        var reference = spec.dataSourceRef();
        source(source, path + ".dataSource", check);
        source(reference, path + ".dataSourceRef", check);
        if (source.exists() && reference.exists() && !reference.hasNamespace() && !source.semanticEquals(reference))
            check.add(FieldError.invalid(path, path + ".dataSource", "must match dataSourceRef"));
        var storage = spec.resources().raw(VolumeResourceRequirements.REQUESTS).get(ResourceNames.STORAGE);
        if (!storage.exists()) check.add(FieldError.required(path + ".resources[storage]"));
        else if (Claims.requested(spec).value().signum() <= 0)
            check.add(FieldError.invalid(path + ".resources[storage]", storage.text(), "must be greater than zero"));
    }

    private static void source(TypedObjectReference source, String path, Check check) {
        if (!source.exists()) return;
        check.required(source.name(), path + ".name");
        check.required(source.kind(), path + ".kind");
        var group = source.apiGroup();
        var kind = source.kind();
        if (group.isEmpty() && !kind.isEmpty() && !kind.equals(CLAIM))
            check.add(FieldError.invalid(
                    path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
        if (!group.isEmpty()) check.name(group, path + ".apiGroup", Names.dnsSubdomain(group));
    }

    private static void update(PersistentVolumeClaim claim, PersistentVolumeClaim old, Check check) {
        boolean bound = claim.status().phase() == PersistentVolumeClaimPhase.BOUND;
        var now = fixed(claim, bound);
        var before = fixed(old, bound);
        // Binding writes the volume's name once, and a missing class may still be filled in.
        if (!old.spec().hasVolumeName()) now.clearVolumeName();
        if (!old.spec().hasStorageClassName()) now.clearStorageClassName();
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

    private static PersistentVolumeClaimSpec.Builder fixed(PersistentVolumeClaim claim, boolean bound) {
        var spec = claim.spec().toBuilder();
        return bound
                ? spec.editResources(resources -> resources.clearRequests()).clearVolumeAttributesClassName()
                : spec;
    }
}
