package io.navarch.kinds.pod;

import io.navarch.kinds.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a pod's volume must be, beyond what the overlay says of single fields.
final class VolumeRules {
    private VolumeRules() {}

    static void check(View volume, String path, Check check) {
        var sources = new ArrayList<>(volume.map().keySet());
        sources.remove("name");
        if (sources.isEmpty()) check.add(FieldError.required(path, "must specify a volume type"));
        for (var more : sources.stream().skip(1).toList())
            check.add(FieldError.forbidden(path + "." + more, "may not specify more than 1 volume type"));
        for (var source : List.of("secret", "configMap", "projected", "downwardAPI")) {
            mode(volume.get(source).get("defaultMode"), path + "." + source + ".defaultMode", check);
            items(volume.get(source).get("items"), path + "." + source + ".items", check);
        }
        downward(volume.get("downwardAPI", "items"), path + ".downwardAPI.items", check);
        if (volume.get("hostPath").exists()) hostPath(volume.get("hostPath"), path + ".hostPath", check);
        int i = 0;
        for (var source : volume.get("projected", "sources").views()) {
            var at = path + ".projected.sources[" + i++ + "]";
            for (var more : source.map().keySet().stream().skip(1).toList())
                check.add(FieldError.forbidden(at + "." + more, "may not specify more than 1 volume type per source"));
            for (var kind : List.of("secret", "configMap")) {
                if (source.get(kind).exists()) check.required(source.get(kind, "name"), at + "." + kind + ".name");
                items(source.get(kind).get("items"), at + "." + kind + ".items", check);
            }
            downward(source.get("downwardAPI", "items"), at + ".downwardAPI.items", check);
        }
    }

    private static void hostPath(View source, String path, Check check) {
        if (List.of(source.get("path").string().split("/")).contains(".."))
            check.add(FieldError.invalid(path + ".path", source.get("path").string(), "must not contain '..'"));
        var types = Set.of(
                "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");
        if (!types.contains(source.get("type").string()))
            check.add(FieldError.notSupported(path + ".type", source.get("type").string(), types));
    }

    private static void mode(View mode, String path, Check check) {
        if (mode.exists() && (mode.longOr(0) < 0 || mode.longOr(0) > 0777))
            check.add(FieldError.invalid(
                    path, mode.value(), "must be a number between 0 and 0777 (octal), both inclusive"));
    }

    private static void items(View items, String path, Check check) {
        int i = 0;
        for (var item : items.views()) {
            var at = path + "[" + i++ + "]";
            mode(item.get("mode"), at + ".mode", check);
            local(item.get("path").string(), at + ".path", check);
        }
    }

    private static void local(String target, String path, Check check) {
        if (target.startsWith("/")) check.add(FieldError.invalid(path, target, "must be a relative path"));
        if (List.of(target.split("/")).contains(".."))
            check.add(FieldError.invalid(path, target, "must not contain '..'"));
        if (target.startsWith("..") && target.length() > 2 && target.charAt(2) != '/')
            check.add(FieldError.invalid(path, target, "must not start with '..'"));
    }

    private static void downward(View items, String path, Check check) {
        int i = 0;
        for (var item : items.views()) {
            var at = path + "[" + i++ + "]";
            var field = item.get("fieldRef");
            var resource = item.get("resourceFieldRef");
            if (field.exists() && resource.exists())
                check.add(FieldError.invalid(
                        at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
            if (!field.exists() && !resource.exists())
                check.add(FieldError.required(at, "one of fieldRef and resourceFieldRef is required"));
            var name = field.get("fieldPath").string();
            if (!name.isEmpty() && !DownwardFields.forVolume(name))
                check.add(
                        DownwardFields.known(name)
                                ? FieldError.notSupported(at + ".fieldRef.fieldPath", name, DownwardFields.volume())
                                : FieldError.invalid(
                                        at + ".fieldRef.fieldPath",
                                        name,
                                        "error converting fieldPath: field label not supported: " + name));
            if (resource.exists())
                check.required(resource.get("containerName"), at + ".resourceFieldRef.containerName");
        }
    }
}
