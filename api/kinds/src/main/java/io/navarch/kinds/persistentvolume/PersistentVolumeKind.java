package io.navarch.kinds.persistentvolume;

import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.LinkedHashSet;

/// PersistentVolume.
public final class PersistentVolumeKind {
    private PersistentVolumeKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "PersistentVolume", "persistentvolumes")
                .version(
                        "v1",
                        types.get("V1PersistentVolume"),
                        Columns.NAME,
                        Columns.at("Capacity", "spec.capacity.storage"),
                        Columns.text("Access Modes", pv -> modes(pv.spec().get("accessModes"))),
                        Columns.at("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"),
                        Columns.text(
                                "Status",
                                pv -> pv.deleting()
                                        ? "Terminating"
                                        : pv.status().get("phase").string()),
                        Columns.text("Claim", PersistentVolumeKind::claim),
                        Columns.text(
                                "StorageClass",
                                pv -> pv.annotation("volume.beta.kubernetes.io/storage-class")
                                        .transform(old -> old.isEmpty()
                                                ? pv.spec()
                                                        .get("storageClassName")
                                                        .string()
                                                : old)),
                        Columns.text(
                                "VolumeAttributesClass",
                                pv -> pv.spec().get("volumeAttributesClassName").stringOr("<unset>")),
                        Columns.at("Reason", "status.reason"),
                        Columns.AGE,
                        Columns.wide(
                                "VolumeMode", pv -> pv.spec().get("volumeMode").stringOr("<unset>")))
                .shortNames("pv")
                .clusterScoped()
                .withStatus()
                .preparedBy((pv, old) -> {
                    if (!old.exists()) pv.put("status", Trees.map("phase", "Pending"));
                })
                .ruledBy(PersistentVolumeRules::check);
    }

    /// Access modes as kubectl abbreviates them.
    public static String modes(View modes) {
        var parts = new ArrayList<String>();
        for (var mode : new LinkedHashSet<>(modes.strings())) {
            parts.add(
                    switch (mode) {
                        case "ReadWriteOnce" -> "RWO";
                        case "ReadOnlyMany" -> "ROX";
                        case "ReadWriteMany" -> "RWX";
                        case "ReadWriteOncePod" -> "RWOP";
                        default -> mode;
                    });
        }
        return String.join(",", parts);
    }

    private static String claim(View pv) {
        var claim = pv.spec().get("claimRef");
        return claim.exists()
                ? claim.get("namespace").string() + "/" + claim.get("name").string()
                : "";
    }
}
