package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a pod's volume must be, beyond what the overlay says of single fields.
final class VolumeRules {
    private static final String MODE = "must be a number between 0 and 0777 (octal), both inclusive";

    private VolumeRules() {}

    /// @param account whether the pod runs as a service account, which a projected token needs
    static void check(View volume, boolean account, String path, Check check) {
        var sources = new ArrayList<>(volume.map().keySet());
        sources.remove("name");
        if (sources.isEmpty()) check.add(FieldError.required(path, "must specify a volume type"));
        for (var more : sources.stream().skip(1).toList())
            check.add(FieldError.forbidden(path + "." + more, "may not specify more than 1 volume type"));
        for (var source : List.of("secret", "configMap", "projected", "downwardAPI")) {
            var mode = volume.get(source).get("defaultMode");
            if (wrongMode(mode))
                check.add(FieldError.invalid(path + "." + source + ".defaultMode", mode.value(), MODE));
        }
        for (var source : List.of("secret", "configMap"))
            items(volume.get(source).get("items"), path + "." + source + ".items", check);
        for (var file : volume.get("downwardAPI", "items").views()) downward(file, path + ".downwardAPI", check);
        projected(volume.get("projected"), account, path + ".projected", check);
        StorageSourceRules.check(volume, path, check);
        iscsi(volume, path, check);
        csi(volume.get("csi"), path + ".csi", check);
        emptyDir(volume.get("emptyDir", "sizeLimit"), path + ".emptyDir.sizeLimit", check);
    }

    private static void emptyDir(View limit, String path, Check check) {
        if (limit.exists() && Quantity.parseOr(limit.value(), Quantity.ZERO).negative())
            check.add(FieldError.forbidden(path, "SizeLimit field must be a valid resource quantity"));
    }

    private static void iscsi(View volume, String path, Check check) {
        var source = volume.get("iscsi");
        var name = volume.get("name").string();
        var both = name + ":" + source.get("targetPortal").string();
        if (source.get("initiatorName").exists() && both.length() > 64)
            check.add(
                    FieldError.invalid(
                            path + ".name",
                            name,
                            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified."));
    }

    private static void csi(View source, String path, Check check) {
        if (!source.exists()) return;
        StorageSourceRules.driver(source.get("driver"), path + ".driver", check);
        var secret = source.get("nodePublishSecretRef");
        if (!secret.exists()) return;
        var name = secret.get("name").string();
        if (name.isEmpty()) check.add(FieldError.required(path + ".nodePublishSecretRef .name"));
        else check.name(name, path + ".name", Names.dnsSubdomain(name));
    }

    private static boolean wrongMode(View mode) {
        return mode.exists() && (mode.longOr(0) < 0 || mode.longOr(0) > 0777);
    }

    private static void items(View items, String path, Check check) {
        int i = 0;
        for (var item : items.views()) {
            var at = path + "[" + i++ + "]";
            if (wrongMode(item.get("mode")))
                check.add(FieldError.invalid(at + ".mode", item.get("mode").value(), MODE));
            local(item.get("path").string(), at + ".path", check);
        }
    }

    /// A relative path that does not begin like the files by which contents are exchanged atomically.
    private static void local(String target, String path, Check check) {
        StorageSourceRules.relative(target, path, check);
        if (target.startsWith("..")) check.add(FieldError.invalid(path, target, "must not start with '..'"));
    }

    private static void projected(View projected, boolean account, String path, Check check) {
        int i = 0;
        var taken = new HashSet<String>();
        for (var source : projected.get("sources").views()) {
            var at = path + ".sources[" + i++ + "]";
            if (source.map().size() > 1) check.add(FieldError.forbidden(at, "may not specify more than 1 volume type"));
            for (var kind : List.of("secret", "configMap")) {
                if (!source.get(kind).exists()) continue;
                check.required(source.get(kind, "name"), at + "." + kind + ".name");
                items(source.get(kind).get("items"), at + "." + kind + ".items", check);
                for (var item : source.get(kind).get("items").views())
                    once(item, source.get(kind, "name").string(), taken, path, check);
            }
            for (var file : source.get("downwardAPI", "items").views()) {
                downward(file, at + ".downwardAPI", check);
                once(file, file.get("path").string(), taken, path, check);
            }
            token(source.get("serviceAccountToken"), account, at + ".serviceAccountToken", path, check);
            bundle(source.get("clusterTrustBundle"), at + ".clusterTrustBundle", check);
        }
    }

    private static void once(View file, String blamed, Set<String> taken, String path, Check check) {
        var target = file.get("path").string();
        if (!target.isEmpty() && !taken.add(target))
            check.add(FieldError.invalid(path, blamed, "conflicting duplicate paths"));
    }

    private static void token(View token, boolean account, String at, String path, Check check) {
        if (!token.exists()) return;
        if (!account) check.add(FieldError.forbidden(at, "must not be specified when serviceAccountName is not set"));
        var seconds = token.get("expirationSeconds");
        if (seconds.longOr(0) > 1L << 32)
            check.add(FieldError.invalid(
                    at + ".expirationSeconds", seconds.value(), "may not specify a duration larger than 2^32 seconds"));
        check.required(token.get("path"), path + ".path");
    }

    private static void bundle(View bundle, String at, Check check) {
        if (!bundle.exists()) return;
        boolean name = bundle.get("name").exists();
        boolean signer = bundle.get("signerName").exists();
        if (!name && !signer) check.add(FieldError.required(at, "either name or signerName must be specified"));
        if (name && signer)
            check.add(FieldError.invalid(at, bundle.map(), "only one of name and signerName may be used"));
        check.required(bundle.get("path"), at + ".path");
        local(bundle.get("path").string(), at + ".path", check);
    }

    private static void downward(View file, String at, Check check) {
        check.required(file.get("path"), at + ".path");
        local(file.get("path").string(), at + ".path", check);
        var field = file.get("fieldRef");
        var resource = file.get("resourceFieldRef");
        if (field.exists()) {
            DownwardFields.fieldRef(field, DownwardFields.volume(), at + ".fieldRef", check);
            if (resource.exists())
                check.add(FieldError.invalid(
                        at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
        } else if (resource.exists()) {
            DownwardFields.resourceRef(resource, true, at + ".resourceFieldRef", check);
        } else {
            check.add(FieldError.required(at, "one of fieldRef and resourceFieldRef is required"));
        }
        if (wrongMode(file.get("mode")))
            check.add(FieldError.invalid(at + ".mode", file.get("mode").value(), MODE));
    }
}
