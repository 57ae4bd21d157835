package io.navarch.kinds.persistentvolume;

import io.navarch.kinds.storageclass.StorageClasses;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.model.AccessMode;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumePhase;
import io.navarch.model.PersistentVolumeSpec;
import io.navarch.model.PersistentVolumeStatus;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.LinkedHashSet;
import java.util.stream.Collectors;

/// PersistentVolume: storage of the cluster, until a claim takes it.
public final class PersistentVolumeKind {
    private PersistentVolumeKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "PersistentVolume", "persistentvolumes")
                .version(
                        "v1",
                        types.get("V1PersistentVolume"),
                        Columns.NAME,
                        Columns.text(
                                "Capacity",
                                pv -> read(pv, PersistentVolumeSpec.CAPACITY)
                                        .get("storage")
                                        .text()),
                        Columns.text("Access Modes", pv -> modes(read(pv, PersistentVolumeSpec.ACCESS_MODES))),
                        Columns.text(
                                "Reclaim Policy",
                                PersistentVolume::of,
                                pv -> pv.spec().persistentVolumeReclaimPolicy().text()),
                        Columns.text("Status", PersistentVolume::of, PersistentVolumeKind::status),
                        Columns.text("Claim", PersistentVolume::of, PersistentVolumeKind::claim),
                        Columns.text("StorageClass", PersistentVolume::of, StorageClasses::of),
                        Columns.text(
                                "VolumeAttributesClass",
                                PersistentVolume::of,
                                pv -> pv.spec().volumeAttributesClassNameOr("<unset>")),
                        Columns.text(
                                "Reason",
                                PersistentVolume::of,
                                pv -> pv.status().reason()),
                        Columns.AGE,
                        Columns.wide(
                                "VolumeMode",
                                pv -> read(pv, PersistentVolumeSpec.VOLUME_MODE).stringOr("<unset>")))
                .shortNames("pv")
                .clusterScoped()
                .withStatus()
                .preparedBy((pv, old) -> {
                    var pending = PersistentVolumeStatus.builder().phase(PersistentVolumePhase.PENDING);
                    if (!old.exists()) PersistentVolume.edit(pv).status(pending.build());
                })
                .ruledBy((pv, old) -> PersistentVolumeRules.check(
                        PersistentVolume.of(pv).spec(), PersistentVolume.of(old).spec()));
    }

    private static View read(View volume, String field) {
        return PersistentVolume.of(volume).spec().raw(field);
    }

    private static String status(PersistentVolume volume) {
        return volume.deleting() ? "Terminating" : volume.status().phase().text();
    }

    /// Access modes as kubectl abbreviates them.
    public static String modes(View modes) {
        return new LinkedHashSet<>(modes.strings())
                .stream().map(PersistentVolumeKind::abbreviated).collect(Collectors.joining(","));
    }

    private static String abbreviated(String mode) {
        return switch (AccessMode.of(mode)) {
            case READ_WRITE_ONCE -> "RWO";
            case READ_ONLY_MANY -> "ROX";
            case READ_WRITE_MANY -> "RWX";
            case READ_WRITE_ONCE_POD -> "RWOP";
            case UNSET, UNRECOGNIZED -> mode;
        };
    }

    private static String claim(PersistentVolume volume) {
        var claim = volume.spec().claimRef();
        return claim.exists() ? claim.namespace() + "/" + claim.name() : "";
    }
}
