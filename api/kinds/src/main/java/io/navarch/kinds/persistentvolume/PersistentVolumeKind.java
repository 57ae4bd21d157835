package io.navarch.kinds.persistentvolume;

import io.navarch.kinds.persistentvolumeclaim.AccessModes;
import io.navarch.kinds.storageclass.StorageClasses;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.kinds.types.Types;
import io.navarch.model.PersistentVolume;
import io.navarch.model.PersistentVolumePhase;
import io.navarch.model.PersistentVolumeSpec;
import io.navarch.model.PersistentVolumeStatus;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.MetadataCheck;

/// PersistentVolume: storage of the cluster, until a claim takes it.
public final class PersistentVolumeKind {
    private PersistentVolumeKind() {}

    public static KindDefinition definition(Types types) {
        return KindBuilder.of(Resources.PERSISTENT_VOLUMES)
                .showsDeleted()
                .version(
                        types.get("V1PersistentVolume"),
                        columns -> columns.name()
                                .text(
                                        "Capacity",
                                        pv -> read(pv, PersistentVolumeSpec.CAPACITY)
                                                .get(ResourceNames.STORAGE)
                                                .text())
                                .text(
                                        "Access Modes",
                                        pv -> AccessModes.text(read(pv, PersistentVolumeSpec.ACCESS_MODES)))
                                .text(
                                        "Reclaim Policy",
                                        pv -> pv.spec()
                                                .persistentVolumeReclaimPolicy()
                                                .text())
                                .text("Status", PersistentVolumeKind::status)
                                .text("Claim", PersistentVolumeKind::claim)
                                .text("StorageClass", StorageClasses::of)
                                .text("VolumeAttributesClass", pv -> pv.spec().volumeAttributesClassNameOr("<unset>"))
                                .text("Reason", pv -> pv.status().reason())
                                .age()
                                .wide(
                                        "VolumeMode",
                                        pv -> read(pv, PersistentVolumeSpec.VOLUME_MODE)
                                                .stringOr("<unset>")))
                .shortNames("pv")
                .withStatus()
                .preparedBy(PersistentVolume::edit, PersistentVolumeKind::prepare)
                .warning((pv, old) -> PersistentVolumeWarnings.of(pv))
                .ruledBy((pv, old) -> PersistentVolumeRules.check(pv.spec(), old.spec()))
                .tellingTwice()
                .checkingUpdates(MetadataCheck.FORM, MetadataCheck.FORM)
                .build();
    }

    private static void prepare(PersistentVolume.Builder volume, PersistentVolume old) {
        if (old.exists()) return;
        var status = PersistentVolumeStatus.builder().phase(PersistentVolumePhase.PENDING);
        volume.status(status.lastPhaseTransitionTime(volume.build().metadata().creationTimestamp())
                .build());
    }

    private static View read(PersistentVolume volume, String field) {
        return volume.spec().raw(field);
    }

    private static String status(PersistentVolume volume) {
        return volume.deleting() ? "Terminating" : volume.status().phase().text();
    }

    private static String claim(PersistentVolume volume) {
        var claim = volume.spec().claimRef();
        return claim.exists() ? claim.namespace() + "/" + claim.name() : "";
    }
}
