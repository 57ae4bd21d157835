package io.navarch.kinds.persistentvolumeclaim;

import io.navarch.kinds.persistentvolume.PersistentVolumeKind;
import io.navarch.kinds.persistentvolume.PersistentVolumeRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.Columns;
import io.navarch.kinds.types.Types;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.KindDefinition;
import java.util.List;
import java.util.Map;

/// PersistentVolumeClaim.
public final class PersistentVolumeClaimKind {
    private PersistentVolumeClaimKind() {}

    public static KindDefinition definition(Types types) {
        return KindDefinition.of("", "PersistentVolumeClaim", "persistentvolumeclaims")
                .version(
                        "v1",
                        types.get("V1PersistentVolumeClaim"),
                        Columns.NAME,
                        Columns.text(
                                "Status",
                                c -> c.deleting()
                                        ? "Terminating"
                                        : c.status().get("phase").string()),
                        Columns.at("Volume", "spec.volumeName"),
                        Columns.text(
                                "Capacity",
                                c -> bound(c)
                                        ? c.status().get("capacity", "storage").text()
                                        : ""),
                        Columns.text(
                                "Access Modes",
                                c -> bound(c)
                                        ? PersistentVolumeKind.modes(c.status().get("accessModes"))
                                        : ""),
                        Columns.text(
                                "StorageClass",
                                c -> c.annotation("volume.beta.kubernetes.io/storage-class")
                                        .transform(old -> old.isEmpty()
                                                ? c.spec()
                                                        .get("storageClassName")
                                                        .string()
                                                : old)),
                        Columns.text(
                                "VolumeAttributesClass",
                                c -> c.spec().get("volumeAttributesClassName").stringOr("<unset>")),
                        Columns.AGE,
                        Columns.wide(
                                "VolumeMode", c -> c.spec().get("volumeMode").stringOr("<unset>")))
                .shortNames("pvc")
                .withStatus()
                .preparedBy((claim, old) -> {
                    if (!old.exists()) claim.put("status", Trees.map("phase", "Pending"));
                })
                .defaultedBy(PersistentVolumeClaimKind::sources)
                .statusRuledBy((claim, old) -> {
                    var check = new Check();
                    claim.status().get("capacity").map().forEach((name, value) -> {
                        var amount = Quantity.parseOr(value, Quantity.ZERO);
                        if (amount.negative())
                            check.add(FieldError.invalid(
                                    "status.capacity[" + name + "]",
                                    amount.toString(),
                                    "must be a valid resource quantity"));
                    });
                    return check.errors();
                })
                .ruledBy(PersistentVolumeClaimKind::check);
    }

    private static boolean bound(View claim) {
        return !claim.spec().get("volumeName").string().isEmpty();
    }

    /// `dataSource` and `dataSourceRef` say the same when a claim's own namespace is meant.
    private static void sources(Map<String, Object> claim) {
        var spec = View.of(claim).spec();
        var source = spec.get("dataSource");
        var reference = spec.get("dataSourceRef");
        if (source.exists() && !reference.exists())
            Trees.put(claim, Trees.copy(source.value()), "spec", "dataSourceRef");
        if (reference.exists()
                && !source.exists()
                && reference.get("namespace").string().isEmpty()) {
            var copy = Trees.copy(reference.map());
            copy.remove("namespace");
            var group = reference.get("apiGroup").string();
            var kind = reference.get("kind").string();
            boolean known = group.isEmpty() && kind.equals("PersistentVolumeClaim")
                    || group.equals("snapshot.storage.k8s.io") && kind.equals("VolumeSnapshot");
            if (known) Trees.put(claim, copy, "spec", "dataSource");
        }
    }

    private static List<FieldError> check(View claim, View old) {
        var check = new Check();
        spec(claim.spec(), "spec", check);
        if (old.exists()) update(claim, old, check);
        return check.errors();
    }

    static void spec(View spec, String path, Check check) {
        if (spec.get("accessModes").list().isEmpty())
            check.add(FieldError.required(path + ".accessModes", "at least 1 access mode is required"));
        else PersistentVolumeRules.modes(spec.get("accessModes"), path + ".accessModes", check);
        source(spec.get("dataSource"), path + ".dataSource", check);
        source(spec.get("dataSourceRef"), path + ".dataSourceRef", check);
        if (spec.get("dataSource").exists()
                && spec.get("dataSourceRef").exists()
                && !spec.get("dataSourceRef", "namespace").exists()
                && !Trees.semanticEquals(
                        spec.get("dataSource").value(),
                        spec.get("dataSourceRef").value()))
            check.add(FieldError.invalid(path, path + ".dataSource", "must match dataSourceRef"));
        var storage = spec.get("resources", "requests", "storage");
        if (!storage.exists()) check.add(FieldError.required(path + ".resources[storage]"));
        else if (Quantity.parseOr(storage.value(), Quantity.ZERO).value().signum() <= 0)
            check.add(FieldError.invalid(path + ".resources[storage]", storage.text(), "must be greater than zero"));
    }

    private static void source(View source, String path, Check check) {
        if (!source.exists()) return;
        check.required(source.get("name"), path + ".name");
        check.required(source.get("kind"), path + ".kind");
        var group = source.get("apiGroup").string();
        var kind = source.get("kind").string();
        if (group.isEmpty() && !kind.isEmpty() && !kind.equals("PersistentVolumeClaim"))
            check.add(FieldError.invalid(
                    path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
        if (!group.isEmpty()) check.name(group, path + ".apiGroup", Names.dnsSubdomain(group));
    }

    private static void update(View claim, View old, Check check) {
        boolean bound = claim.status().get("phase").string().equals("Bound");
        var now = fixed(claim, bound);
        var before = fixed(old, bound);
        // Binding writes the volume's name once, and a missing class may still be filled in.
        if (!old.spec().get("volumeName").exists()) now.remove("volumeName");
        if (!old.spec().get("storageClassName").exists()) now.remove("storageClassName");
        if (!Trees.semanticEquals(now, before))
            check.add(
                    FieldError.forbidden(
                            "spec",
                            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"));
        check.immutable(claim.spec().get("volumeMode"), old.spec().get("volumeMode"), "volumeMode");
        var size = Quantity.parseOr(
                claim.spec().get("resources", "requests", "storage").value(), Quantity.ZERO);
        var past = Quantity.parseOr(
                old.spec().get("resources", "requests", "storage").value(), Quantity.ZERO);
        var capacity = Quantity.parseOr(old.status().get("capacity", "storage").value(), Quantity.ZERO);
        if (size.compareTo(past) < 0 && size.compareTo(capacity) <= 0)
            check.add(FieldError.forbidden(
                    "spec.resources.requests.storage", "field can not be less than status.capacity"));
    }

    private static Map<String, Object> fixed(View claim, boolean bound) {
        var spec = Trees.copy(claim.spec().map());
        if (bound) {
            Trees.remove(spec, "resources", "requests");
            spec.remove("volumeAttributesClassName");
        }
        return spec;
    }
}
