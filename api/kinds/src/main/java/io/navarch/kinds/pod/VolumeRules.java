package io.navarch.kinds.pod;

import io.navarch.kinds.persistentvolumeclaim.PersistentVolumeClaimKind;
import io.navarch.kinds.support.Check;
import io.navarch.model.CSIVolumeSource;
import io.navarch.model.EphemeralVolumeSource;
import io.navarch.model.ImageVolumeSource;
import io.navarch.model.ObjectMeta;
import io.navarch.model.Volume;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a pod's volumes must be. Of several sources only the first is looked at; the others are one too many.
final class VolumeRules {
    private static final List<String> SOURCES = List.of(
            Volume.EMPTY_DIR,
            Volume.HOST_PATH,
            Volume.GIT_REPO,
            Volume.GCE_PERSISTENT_DISK,
            Volume.AWS_ELASTIC_BLOCK_STORE,
            Volume.SECRET,
            Volume.NFS,
            Volume.ISCSI,
            Volume.GLUSTERFS,
            Volume.FLOCKER,
            Volume.PERSISTENT_VOLUME_CLAIM,
            Volume.RBD,
            Volume.CINDER,
            Volume.CEPHFS,
            Volume.QUOBYTE,
            Volume.DOWNWARD_API,
            Volume.FC,
            Volume.FLEX_VOLUME,
            Volume.CONFIG_MAP,
            Volume.AZURE_FILE,
            Volume.VSPHERE_VOLUME,
            Volume.PHOTON_PERSISTENT_DISK,
            Volume.PORTWORX_VOLUME,
            Volume.AZURE_DISK,
            Volume.STORAGEOS,
            Volume.PROJECTED,
            Volume.SCALE_IO,
            Volume.CSI,
            Volume.EPHEMERAL,
            Volume.IMAGE);

    /// What the original calls a source that is one too many.
    private static final Map<String, String> MISNAMED =
            Map.of(Volume.CEPHFS, "cephFS", Volume.DOWNWARD_API, "downwarAPI");

    private static final Set<String> TEMPLATE_METADATA = Set.of(ObjectMeta.LABELS, ObjectMeta.ANNOTATIONS);

    private VolumeRules() {}

    /// @param pod the pod's name, `""` where the spec is not a pod's own
    /// @return the volumes with which nothing is wrong, by name
    static Map<String, Volume> check(List<Volume> volumes, String pod, String path, Check check) {
        var claims = new HashSet<String>();
        for (var volume : volumes) if (volume.hasEphemeral()) claims.add(pod + "-" + volume.name());
        var good = new HashMap<String, Volume>();
        Check.each(volumes, path, (volume, at) -> {
            var name = volume.name();
            var own = new Check(new ArrayList<>());
            source(volume, pod, at, own);
            if (own.required(name, at + ".name")) own.name(name, at + ".name", Names.dnsLabel(name));
            if (good.containsKey(name)) own.duplicate(at + ".name", name);
            if (own.errors().isEmpty()) good.put(name, volume);
            check.addAll(own.errors());
            var claim = volume.persistentVolumeClaim().claimName();
            if (!pod.isEmpty() && volume.hasPersistentVolumeClaim() && claims.contains(claim))
                check.invalid(
                        at + ".persistentVolumeClaim.claimName",
                        claim,
                        "must not reference a PVC that gets created for an ephemeral volume");
        });
        return good;
    }

    private static void source(Volume volume, String pod, String path, Check check) {
        var given =
                SOURCES.stream().filter(source -> volume.raw(source).exists()).toList();
        if (given.isEmpty()) check.missing(path, "must specify a volume type");
        for (var source : given) {
            if (source.equals(given.getFirst())) first(source, volume, pod, path, check);
            else
                check.forbidden(
                        path + "." + MISNAMED.getOrDefault(source, source), "may not specify more than 1 volume type");
            if (source.equals(Volume.ISCSI)) iscsi(volume, path, check);
        }
    }

    private static void first(String source, Volume volume, String pod, String path, Check check) {
        var at = path + "." + source;
        switch (source) {
            case Volume.EMPTY_DIR -> {
                if (volume.emptyDir().sizeLimit().negative())
                    check.forbidden(at + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
            }
            case Volume.SECRET -> {
                var secret = volume.secret();
                check.required(secret.secretName(), at + ".secretName");
                VolumeFileRules.mode(secret.defaultMode(), at + ".defaultMode", check);
                VolumeFileRules.items(secret.items(), at + ".items", check);
            }
            case Volume.CONFIG_MAP -> {
                var map = volume.configMap();
                check.required(map.name(), at + ".name");
                VolumeFileRules.mode(map.defaultMode(), at + ".defaultMode", check);
                VolumeFileRules.items(map.items(), at + ".items", check);
            }
            case Volume.PERSISTENT_VOLUME_CLAIM ->
                check.required(volume.persistentVolumeClaim().claimName(), at + ".claimName");
            case Volume.DOWNWARD_API -> {
                VolumeFileRules.mode(volume.downwardAPI().defaultMode(), at + ".defaultMode", check);
                for (var file : volume.downwardAPI().items()) VolumeFileRules.downward(file, at, check);
            }
            case Volume.PROJECTED -> ProjectedRules.check(volume.projected(), at, check);
            case Volume.CSI -> csi(volume.csi(), at, check);
            case Volume.EPHEMERAL -> ephemeral(volume, pod, path, check);
            case Volume.IMAGE -> image(volume.image(), !pod.isEmpty(), at, check);
            default -> StorageSourceRules.source(source, volume, path, check);
        }
    }

    private static void iscsi(Volume volume, String path, Check check) {
        var both = volume.name() + ":" + volume.iscsi().targetPortal();
        if (volume.iscsi().hasInitiatorName() && both.length() > 64)
            check.invalid(
                    path + ".name",
                    volume.name(),
                    "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters"
                            + " if iscsi.initiatorName is specified.");
    }

    private static void csi(CSIVolumeSource source, String path, Check check) {
        StorageSourceRules.driver(source.driver(), path + ".driver", check);
        if (!source.hasNodePublishSecretRef()) return;
        var name = source.nodePublishSecretRef().name();
        if (check.required(name, path + ".nodePublishSecretRef.name"))
            check.name(name, path + ".name", Names.dnsSubdomain(name));
    }

    private static void ephemeral(Volume volume, String pod, String path, Check check) {
        var at = path + "." + Volume.EPHEMERAL + "." + EphemeralVolumeSource.VOLUME_CLAIM_TEMPLATE;
        var template = volume.ephemeral().volumeClaimTemplate();
        if (!template.exists()) {
            check.add(FieldError.required(at));
        } else {
            var metadata = template.metadata();
            AnnotationRules.keys(metadata.annotations(), at + ".metadata.annotations", check);
            check.labels(metadata.labels(), at + ".metadata.labels");
            for (var field : metadata.view().map().keySet()) {
                if (TEMPLATE_METADATA.contains(field)) continue;
                // The name is the original's.
                var shown = field.equals(ObjectMeta.UID) ? "uID" : field;
                check.forbidden(at + ".metadata." + shown, "cannot be set");
            }
            PersistentVolumeClaimKind.spec(template.spec(), at + ".spec", check);
        }
        if (pod.isEmpty() || volume.name().isEmpty()) return;
        var claim = pod + "-" + volume.name();
        for (var wrong : Names.dnsSubdomain(claim))
            check.invalid(path + ".name", volume.name(), "PVC name \"" + claim + "\": " + wrong);
    }

    /// @param pod whether the volume is a pod's own; a template may leave the image to whoever makes pods of it
    private static void image(ImageVolumeSource image, boolean pod, String path, Check check) {
        if (pod) check.required(image.reference(), path + ".reference");
        ContainerRules.pull(image.raw(ImageVolumeSource.PULL_POLICY).string(), path + ".pullPolicy", check);
    }
}
