package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.CSIVolumeSource;
import io.navarch.model.ClusterTrustBundleProjection;
import io.navarch.model.DownwardAPIVolumeFile;
import io.navarch.model.KeyToPath;
import io.navarch.model.ProjectedVolumeSource;
import io.navarch.model.ServiceAccountTokenProjection;
import io.navarch.model.Volume;
import io.navarch.model.VolumeProjection;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a pod's volume must be, beyond what the overlay says of single fields.
final class VolumeRules {
    private VolumeRules() {}

    /// @param account whether the pod runs as a service account, which a projected token needs
    static void check(Volume volume, boolean account, String path, Check check) {
        var sources = new ArrayList<>(volume.view().map().keySet());
        sources.remove(Volume.NAME);
        if (sources.isEmpty()) check.missing(path, "must specify a volume type");
        for (var more : sources.stream().skip(1).toList())
            check.forbidden(path + "." + more, "may not specify more than 1 volume type");
        mode(volume.secret().defaultMode(), path + ".secret.defaultMode", check);
        mode(volume.configMap().defaultMode(), path + ".configMap.defaultMode", check);
        mode(volume.projected().defaultMode(), path + ".projected.defaultMode", check);
        mode(volume.downwardAPI().defaultMode(), path + ".downwardAPI.defaultMode", check);
        items(volume.secret().items(), path + ".secret.items", check);
        items(volume.configMap().items(), path + ".configMap.items", check);
        for (var file : volume.downwardAPI().items()) downward(file, path + ".downwardAPI", check);
        projected(volume.projected(), account, path + ".projected", check);
        StorageSourceRules.check(volume, path, check);
        iscsi(volume, path, check);
        if (volume.hasCsi()) csi(volume.csi(), path + ".csi", check);
        emptyDir(volume.emptyDir().sizeLimit(), path + ".emptyDir.sizeLimit", check);
    }

    private static void emptyDir(Quantity limit, String path, Check check) {
        if (limit.negative()) check.forbidden(path, "SizeLimit field must be a valid resource quantity");
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
        // The blank is the original's.
        if (check.required(name, path + ".nodePublishSecretRef .name"))
            check.name(name, path + ".name", Names.dnsSubdomain(name));
    }

    private static void mode(int mode, String path, Check check) {
        if (mode < 0 || mode > 0777)
            check.invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive");
    }

    private static void items(List<KeyToPath> items, String path, Check check) {
        Check.each(items, path, (item, at) -> {
            mode(item.mode(), at + ".mode", check);
            local(item.path(), at + ".path", check);
        });
    }

    /// A relative path that does not begin like the files by which contents are exchanged atomically.
    private static void local(String target, String path, Check check) {
        StorageSourceRules.relative(target, path, check);
        if (target.startsWith("..")) check.invalid(path, target, "must not start with '..'");
    }

    private static void projected(ProjectedVolumeSource projected, boolean account, String path, Check check) {
        var taken = new HashSet<String>();
        Check.each(projected.sources(), path + ".sources", (source, at) -> {
            if (source.view().map().size() > 1) check.forbidden(at, "may not specify more than 1 volume type");
            files(source, at, taken, path, check);
            if (source.hasServiceAccountToken())
                token(source.serviceAccountToken(), account, at + ".serviceAccountToken", path, check);
            if (source.hasClusterTrustBundle()) bundle(source.clusterTrustBundle(), at + ".clusterTrustBundle", check);
        });
    }

    /// @param taken the paths of the files of all sources so far
    private static void files(VolumeProjection source, String at, Set<String> taken, String path, Check check) {
        var secret = source.secret();
        if (secret.exists()) keys(secret.name(), secret.items(), at + ".secret", taken, path, check);
        var map = source.configMap();
        if (map.exists()) keys(map.name(), map.items(), at + ".configMap", taken, path, check);
        for (var file : source.downwardAPI().items()) {
            downward(file, at + ".downwardAPI", check);
            once(file.path(), file.path(), taken, path, check);
        }
    }

    private static void keys(
            String name, List<KeyToPath> items, String at, Set<String> taken, String path, Check check) {
        check.required(name, at + ".name");
        items(items, at + ".items", check);
        for (var item : items) once(item.path(), name, taken, path, check);
    }

    private static void once(String target, String blamed, Set<String> taken, String path, Check check) {
        if (!target.isEmpty() && !taken.add(target)) check.invalid(path, blamed, "conflicting duplicate paths");
    }

    private static void token(
            ServiceAccountTokenProjection token, boolean account, String at, String path, Check check) {
        if (!account) check.forbidden(at, "must not be specified when serviceAccountName is not set");
        if (token.expirationSeconds() > 1L << 32)
            check.invalid(
                    at + ".expirationSeconds",
                    token.expirationSeconds(),
                    "may not specify a duration larger than 2^32 seconds");
        check.required(token.path(), path + ".path");
    }

    private static void bundle(ClusterTrustBundleProjection bundle, String at, Check check) {
        if (!bundle.hasName() && !bundle.hasSignerName())
            check.missing(at, "either name or signerName must be specified");
        if (bundle.hasName() && bundle.hasSignerName())
            check.invalid(at, bundle.view().map(), "only one of name and signerName may be used");
        check.required(bundle.path(), at + ".path");
        local(bundle.path(), at + ".path", check);
    }

    private static void downward(DownwardAPIVolumeFile file, String at, Check check) {
        check.required(file.path(), at + ".path");
        local(file.path(), at + ".path", check);
        if (file.hasFieldRef()) {
            DownwardFields.fieldRef(file.fieldRef(), DownwardFields.volume(), at + ".fieldRef", check);
            if (file.hasResourceFieldRef())
                check.invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
        } else if (file.hasResourceFieldRef()) {
            DownwardFields.resourceRef(file.resourceFieldRef(), true, at + ".resourceFieldRef", check);
        } else {
            check.missing(at, "one of fieldRef and resourceFieldRef is required");
        }
        mode(file.mode(), at + ".mode", check);
    }
}
