package io.navarch.kinds.persistentvolume;

import io.navarch.kinds.pod.AffinityRules;
import io.navarch.kinds.pod.StorageSourceRules;
import io.navarch.kinds.support.Check;
import io.navarch.model.NodeSelector;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// What a persistent volume's spec must be, for volumes of their own and for those that an attachment describes.
public final class PersistentVolumeRules {
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

    private PersistentVolumeRules() {}

    static List<FieldError> check(View volume, View old) {
        var check = new Check();
        var spec = volume.spec();
        capacity(spec.get("capacity"), "spec.capacity", check);
        common(spec, "spec", check);
        affinity(spec.get("nodeAffinity"), "spec.nodeAffinity", check);
        if (spec.get("local").exists() && !spec.get("nodeAffinity").exists())
            check.add(FieldError.required("spec.nodeAffinity", "Local volume requires node affinity"));
        if (spec.get("hostPath", "path").string().equals("/")
                && spec.get("persistentVolumeReclaimPolicy").string().equals("Recycle"))
            check.add(FieldError.forbidden(
                    "spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
        if (old.exists()) update(spec, old.spec(), check);
        return check.errors();
    }

    /// A volume that stands inside another object: without what makes a volume one of the cluster's.
    public static void inline(View spec, String path, Check check) {
        for (var field : List.of("claimRef", "capacity", "nodeAffinity"))
            if (spec.get(field).exists()
                    && !(spec.get(field).isMap() && spec.get(field).map().isEmpty()))
                check.add(FieldError.forbidden(
                        path + "." + field, "may not be specified in the context of inline volumes"));
        if (!spec.get("csi").exists())
            check.add(FieldError.required(path + ".csi", "has to be specified in the context of inline volumes"));
        var policy = spec.get("persistentVolumeReclaimPolicy").string();
        if (!policy.isEmpty() && !policy.equals("Retain"))
            check.add(FieldError.forbidden(
                    path + ".persistentVolumeReclaimPolicy", "may only be Retain in the context of inline volumes"));
        if (!spec.get("storageClassName").string().isEmpty())
            check.add(FieldError.forbidden(
                    path + ".storageClassName", "may not be specified in the context of inline volumes"));
        common(spec, path, check);
    }

    private static void common(View spec, String path, Check check) {
        modes(spec.get("accessModes"), path + ".accessModes", check);
        var sources = new TreeMap<>(spec.map());
        sources.keySet().removeAll(PLAIN);
        if (sources.isEmpty()) check.add(FieldError.required(path, "must specify a volume type"));
        if (sources.size() > 1)
            check.add(FieldError.forbidden(path + "." + sources.lastKey(), "may not specify more than 1 volume type"));
        StorageSourceRules.check(spec, path, check);
        secret(spec.get("iscsi", "secretRef"), false, path + ".iscsi.secretRef", check);
        csi(spec.get("csi"), path + ".csi", check);
    }

    private static void secret(View reference, boolean placed, String path, Check check) {
        if (!reference.exists()) return;
        check.required(reference.get("name"), path + ".name");
        if (placed) check.required(reference.get("namespace"), path + ".namespace");
    }

    private static void csi(View source, String path, Check check) {
        if (!source.exists()) return;
        StorageSourceRules.driver(source.get("driver"), path + ".driver", check);
        for (var field : List.of(
                "controllerPublishSecretRef",
                "controllerExpandSecretRef",
                "nodePublishSecretRef",
                "nodeExpandSecretRef")) {
            var reference = source.get(field);
            if (!reference.exists()) continue;
            // The blank is the original's.
            var shown = field.equals("nodePublishSecretRef") ? "nodePublishSecretRef " : field;
            secret(reference, true, path + "." + shown, check);
            for (var part : List.of("name", "namespace")) {
                var text = reference.get(part).string();
                if (!text.isEmpty())
                    check.name(
                            text,
                            path + "." + part,
                            part.equals("name") ? Names.dnsSubdomain(text) : Names.dnsLabel(text));
            }
        }
    }

    private static void capacity(View capacity, String path, Check check) {
        if (capacity.map().isEmpty()) check.add(FieldError.required(path));
        if (!capacity.get("storage").exists() || capacity.map().size() > 1)
            check.add(FieldError.notSupported(path, capacity.map(), Set.of("storage")));
        for (var entry : capacity.map().entrySet()) {
            var at = path + "[" + entry.getKey() + "]";
            var amount = Quantity.parseOr(entry.getValue(), Quantity.ZERO);
            if (amount.negative())
                check.add(FieldError.invalid(at, amount.toString(), "must be a valid resource quantity"));
            if (amount.value().signum() <= 0)
                check.add(FieldError.invalid(at, amount.toString(), "must be greater than zero"));
        }
    }

    private static void affinity(View affinity, String path, Check check) {
        if (!affinity.exists()) return;
        var needed = affinity.get("required");
        if (needed.exists()) AffinityRules.nodeSelector(NodeSelector.of(needed), path + ".required", check);
        else check.add(FieldError.required(path + ".required", "must specify required node constraints"));
    }

    private static void update(View spec, View old, Check check) {
        var sources = new TreeMap<>(spec.map());
        var before = new TreeMap<>(old.map());
        sources.keySet().removeAll(PLAIN);
        before.keySet().removeAll(PLAIN);
        if (!Trees.semanticEquals(sources, before))
            check.add(FieldError.forbidden(
                    "spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"));
        check.immutable(spec.get("volumeMode"), old.get("volumeMode"), "volumeMode");
        if (old.get("nodeAffinity").exists())
            check.immutable(spec.get("nodeAffinity"), old.get("nodeAffinity"), "nodeAffinity");
    }

    /// At least one mode, all known, and `ReadWriteOncePod` alone.
    public static void modes(View modes, String path, Check check) {
        var all = modes.strings();
        if (all.isEmpty()) check.add(FieldError.required(path));
        for (var mode : all) if (!MODES.contains(mode)) check.add(FieldError.notSupported(path, mode, MODES));
        if (all.contains("ReadWriteOncePod") && all.size() > 1)
            check.add(FieldError.forbidden(path, "may not use ReadWriteOncePod with other access modes"));
    }
}
