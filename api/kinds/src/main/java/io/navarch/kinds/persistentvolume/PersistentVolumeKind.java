package io.navarch.kinds.persistentvolume;

import io.navarch.kinds.Check;
import io.navarch.kinds.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// PersistentVolume.
public final class PersistentVolumeKind {
    private static final Set<String> PLAIN = Set.of(
            "accessModes",
            "capacity",
            "claimRef",
            "mountOptions",
            "nodeAffinity",
            "persistentVolumeReclaimPolicy",
            "storageClassName",
            "volumeAttributesClassName",
            "volumeMode");

    private static final Set<String> MODES =
            Set.of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod");

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
                .ruledBy(PersistentVolumeKind::check);
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

    private static List<FieldError> check(View pv, View old) {
        var check = new Check();
        var spec = pv.spec();
        modeRules(spec.get("accessModes"), "spec.accessModes", check);
        var capacity = spec.get("capacity");
        if (capacity.map().isEmpty()) check.add(FieldError.required("spec.capacity"));
        else if (!capacity.get("storage").exists() || capacity.map().size() > 1)
            check.add(FieldError.notSupported("spec.capacity", capacity.map(), Set.of("storage")));
        for (var entry : capacity.map().entrySet()) {
            var amount = Quantity.parseOr(entry.getValue(), Quantity.ZERO);
            if (amount.value().signum() <= 0)
                check.add(FieldError.invalid(
                        "spec.capacity[" + entry.getKey() + "]", amount.toString(), "must be greater than zero"));
        }
        var sources = new TreeMap<>(spec.map());
        sources.keySet().removeAll(PLAIN);
        if (sources.isEmpty()) check.add(FieldError.required("spec", "must specify a volume type"));
        if (sources.size() > 1)
            check.add(FieldError.forbidden("spec." + sources.lastKey(), "may not specify more than 1 volume type"));
        if (spec.get("local").exists()) {
            check.required(spec.get("local", "path"), "spec.local.path");
            if (!spec.get("nodeAffinity").exists())
                check.add(FieldError.required("spec.nodeAffinity", "Local volume requires node affinity"));
        }
        if (spec.get("hostPath", "path").string().equals("/")
                && spec.get("persistentVolumeReclaimPolicy").string().equals("Recycle")) {
            check.add(FieldError.forbidden(
                    "spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
        }
        if (old.exists()) {
            var before = new TreeMap<>(old.spec().map());
            before.keySet().removeAll(PLAIN);
            if (!Trees.semanticEquals(sources, before))
                check.add(FieldError.forbidden(
                        "spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"));
            check.immutable(spec.get("volumeMode"), old.spec().get("volumeMode"), "spec.volumeMode");
            if (old.spec().get("nodeAffinity").exists())
                check.immutable(spec.get("nodeAffinity"), old.spec().get("nodeAffinity"), "spec.nodeAffinity");
        }
        return check.errors();
    }

    /// At least one mode, all known, and `ReadWriteOncePod` alone.
    public static void modeRules(View modes, String path, Check check) {
        var all = modes.strings();
        if (all.isEmpty()) check.add(FieldError.required(path));
        for (var mode : all) if (!MODES.contains(mode)) check.add(FieldError.notSupported(path, mode, MODES));
        if (all.contains("ReadWriteOncePod") && all.size() > 1)
            check.add(FieldError.forbidden(path, "may not use ReadWriteOncePod with other access modes"));
    }
}
