package io.navarch.kinds.persistentvolume;

import io.navarch.kinds.persistentvolumeclaim.AccessModes;
import io.navarch.kinds.pod.AffinityRules;
import io.navarch.kinds.pod.StorageSourceRules;
import io.navarch.kinds.support.Check;
import io.navarch.kinds.support.ResourceNames;
import io.navarch.model.CSIPersistentVolumeSource;
import io.navarch.model.PersistentVolumeReclaimPolicy;
import io.navarch.model.PersistentVolumeSpec;
import io.navarch.model.SecretReference;
import io.navarch.model.Structure;
import io.navarch.model.VolumeNodeAffinity;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Trees;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// What a persistent volume's spec must be, for volumes of the cluster and for those that an attachment describes.
public final class PersistentVolumeRules {
    /// The fields that do not say where the storage is.
    private static final Set<String> PLAIN = Set.of(
            PersistentVolumeSpec.ACCESS_MODES,
            PersistentVolumeSpec.CAPACITY,
            PersistentVolumeSpec.CLAIM_REF,
            PersistentVolumeSpec.MOUNT_OPTIONS,
            PersistentVolumeSpec.NODE_AFFINITY,
            PersistentVolumeSpec.PERSISTENT_VOLUME_RECLAIM_POLICY,
            PersistentVolumeSpec.STORAGE_CLASS_NAME,
            PersistentVolumeSpec.VOLUME_ATTRIBUTES_CLASS_NAME,
            PersistentVolumeSpec.VOLUME_MODE);

    /// The sources in the order in which they are looked at: the first one counts.
    private static final List<String> SOURCES = List.of(
            PersistentVolumeSpec.HOST_PATH,
            PersistentVolumeSpec.GCE_PERSISTENT_DISK,
            PersistentVolumeSpec.AWS_ELASTIC_BLOCK_STORE,
            PersistentVolumeSpec.GLUSTERFS,
            PersistentVolumeSpec.FLOCKER,
            PersistentVolumeSpec.NFS,
            PersistentVolumeSpec.RBD,
            PersistentVolumeSpec.QUOBYTE,
            PersistentVolumeSpec.CEPHFS,
            PersistentVolumeSpec.ISCSI,
            PersistentVolumeSpec.CINDER,
            PersistentVolumeSpec.FC,
            PersistentVolumeSpec.FLEX_VOLUME,
            PersistentVolumeSpec.AZURE_FILE,
            PersistentVolumeSpec.VSPHERE_VOLUME,
            PersistentVolumeSpec.PHOTON_PERSISTENT_DISK,
            PersistentVolumeSpec.PORTWORX_VOLUME,
            PersistentVolumeSpec.AZURE_DISK,
            PersistentVolumeSpec.SCALE_IO,
            PersistentVolumeSpec.LOCAL,
            PersistentVolumeSpec.STORAGEOS,
            PersistentVolumeSpec.CSI);

    private PersistentVolumeRules() {}

    static List<FieldError> check(PersistentVolumeSpec spec, PersistentVolumeSpec old) {
        var check = new Check();
        capacity(spec, "spec.capacity", check);
        shared(spec, "spec", check);
        affinity(spec.nodeAffinity(), "spec.nodeAffinity", check);
        attributesClass(spec, check);
        if (spec.hostPath().path().matches("/+")
                && spec.persistentVolumeReclaimPolicy() == PersistentVolumeReclaimPolicy.RECYCLE)
            check.add(FieldError.forbidden(
                    "spec.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"));
        if (!old.exists()) return check.errors();
        // An update checks it all twice.
        check.addAll(List.copyOf(check.errors()));
        update(spec, old, check);
        return check.errors();
    }

    /// A volume that is part of another object: it is not one of the cluster's, so nothing can claim it.
    public static void inline(PersistentVolumeSpec spec, String path, Check check) {
        var inline = "may not be specified in the context of inline volumes";
        for (var field : List.of(
                PersistentVolumeSpec.CLAIM_REF, PersistentVolumeSpec.CAPACITY, PersistentVolumeSpec.NODE_AFFINITY)) {
            var value = spec.raw(field);
            boolean empty = value.isMap() && value.map().isEmpty();
            if (value.exists() && !empty) check.add(FieldError.forbidden(path + "." + field, inline));
        }
        if (!spec.hasCsi())
            check.add(FieldError.required(path + ".csi", "has to be specified in the context of inline volumes"));
        var policy = spec.persistentVolumeReclaimPolicy();
        if (policy != PersistentVolumeReclaimPolicy.UNSET && policy != PersistentVolumeReclaimPolicy.RETAIN)
            check.add(FieldError.forbidden(
                    path + ".persistentVolumeReclaimPolicy", "may only be Retain in the context of inline volumes"));
        if (!spec.storageClassName().isEmpty()) check.add(FieldError.forbidden(path + ".storageClassName", inline));
        shared(spec, path, check);
    }

    private static void shared(PersistentVolumeSpec spec, String path, Check check) {
        AccessModes.check(spec.raw(PersistentVolumeSpec.ACCESS_MODES), path + ".accessModes", check);
        int found = 0;
        for (var source : SOURCES) {
            if (!spec.raw(source).exists()) continue;
            // Flex volumes are let through beside another one, as in the original.
            if (found++ == 0 || source.equals(PersistentVolumeSpec.FLEX_VOLUME)) source(source, spec, path, check);
            else check.forbidden(path + "." + shown(source), "may not specify more than 1 volume type");
        }
        if (found == 0) check.add(FieldError.required(path, "must specify a volume type"));
    }

    /// The name is the original's.
    private static String shown(String source) {
        return source.equals(PersistentVolumeSpec.CEPHFS) ? "cephFS" : source;
    }

    private static void source(String source, PersistentVolumeSpec spec, String path, Check check) {
        StorageSourceRules.check(source, spec, path, check);
        switch (source) {
            case PersistentVolumeSpec.ISCSI -> {
                var secret = spec.iscsi().secretRef();
                if (secret.exists()) check.required(secret.name(), path + ".iscsi.secretRef.name");
            }
            case PersistentVolumeSpec.LOCAL -> {
                if (!spec.hasNodeAffinity())
                    check.add(FieldError.required(path + ".nodeAffinity", "Local volume requires node affinity"));
            }
            case PersistentVolumeSpec.CSI -> csi(spec.csi(), path + ".csi", check);
            default -> {}
        }
    }

    private static void attributesClass(PersistentVolumeSpec spec, Check check) {
        if (!spec.hasVolumeAttributesClassName()) return;
        if (spec.volumeAttributesClassName().isEmpty())
            check.missing("spec.volumeAttributesClassName", "an empty string is disallowed");
        if (!spec.hasCsi()) check.missing("spec.csi", "has to be specified when using volumeAttributesClassName");
    }

    private static TreeMap<String, Object> sources(Structure spec) {
        var sources = new TreeMap<>(spec.view().map());
        sources.keySet().removeAll(PLAIN);
        return sources;
    }

    private static void csi(CSIPersistentVolumeSource source, String path, Check check) {
        StorageSourceRules.driver(source.driver(), path + ".driver", check);
        check.required(source.volumeHandle(), path + ".volumeHandle");
        secret(source.controllerPublishSecretRef(), path, "controllerPublishSecretRef", check);
        secret(source.controllerExpandSecretRef(), path, "controllerExpandSecretRef", check);
        secret(source.nodePublishSecretRef(), path, "nodePublishSecretRef", check);
        secret(source.nodeExpandSecretRef(), path, "nodeExpandSecretRef", check);
    }

    private static void secret(SecretReference reference, String path, String field, Check check) {
        if (!reference.exists()) return;
        var at = path + "." + field;
        var name = reference.name();
        var namespace = reference.namespace();
        if (check.required(name, at + ".name")) check.name(name, at + ".name", Names.dnsSubdomain(name));
        if (check.required(namespace, at + ".namespace"))
            check.name(namespace, at + ".namespace", Names.dnsLabel(namespace));
    }

    private static void capacity(PersistentVolumeSpec spec, String path, Check check) {
        var capacity = spec.capacity();
        if (capacity.isEmpty()) check.add(FieldError.required(path));
        if (!capacity.containsKey(ResourceNames.STORAGE) || capacity.size() > 1)
            check.add(FieldError.notSupported(
                    path,
                    capacity.isEmpty()
                            ? null
                            : new TreeMap<>(
                                    spec.raw(PersistentVolumeSpec.CAPACITY).map()),
                    Set.of(ResourceNames.STORAGE)));
        capacity.forEach((name, amount) -> {
            var at = path + "[" + name + "]";
            if (amount.negative())
                check.invalid(
                        at,
                        amount.value().setScale(0, RoundingMode.UP).longValue(),
                        "must be a valid resource quantity");
            if (amount.value().signum() <= 0)
                check.add(FieldError.invalid(at, amount.toString(), "must be greater than zero"));
        });
    }

    private static void affinity(VolumeNodeAffinity affinity, String path, Check check) {
        if (!affinity.exists()) return;
        if (affinity.hasRequired()) AffinityRules.nodeSelector(affinity.required(), path + ".required", check);
        else check.add(FieldError.required(path + ".required", "must specify required node constraints"));
    }

    private static void update(PersistentVolumeSpec spec, PersistentVolumeSpec old, Check check) {
        var kept = spec.toBuilder();
        boolean expands = old.hasCsi()
                && old.csi()
                        .raw(CSIPersistentVolumeSource.CONTROLLER_EXPAND_SECRET_REF)
                        .exists();
        if (old.hasCsi() && spec.hasCsi() && !expands)
            kept.editCsi(CSIPersistentVolumeSource.Builder::clearControllerExpandSecretRef);
        var now = sources(kept.build());
        var before = sources(old);
        // A source that says nothing is still one.
        if (!now.keySet().equals(before.keySet()) || !Trees.semanticEquals(now, before))
            check.add(FieldError.forbidden(
                    "spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"));
        check.immutable(spec, old, "", PersistentVolumeSpec.VOLUME_MODE);
        if (old.hasVolumeAttributesClassName() && !spec.hasVolumeAttributesClassName())
            check.forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
    }
}
