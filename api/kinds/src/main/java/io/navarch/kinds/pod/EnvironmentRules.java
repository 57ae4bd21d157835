package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.EnvFromSource;
import io.navarch.model.EnvVar;
import io.navarch.model.FileKeySelector;
import io.navarch.model.PodSpec;
import io.navarch.model.Volume;
import io.navarch.objects.FieldError;
import io.navarch.objects.Names;
import java.util.HashMap;

/// What the variables of a container's environment must be, and where they may come from.
final class EnvironmentRules {
    private EnvironmentRules() {}

    static void check(Container container, String path, Check check) {
        Check.each(container.env(), path + ".env", (variable, at) -> {
            if (check.required(variable.name(), at + ".name"))
                check.name(variable.name(), at + ".name", Names.envName(variable.name()));
            if (variable.hasValueFrom()) from(variable, at + ".valueFrom", check);
        });
        var list = path + ".envFrom";
        Check.each(container.envFrom(), list, (source, at) -> source(source, list, at, check));
    }

    private static void from(EnvVar variable, String path, Check check) {
        var from = variable.valueFrom();
        int sources = 0;
        if (from.hasFieldRef()) {
            sources++;
            DownwardFields.fieldRef(from.fieldRef(), DownwardFields.environment(), path + ".fieldRef", check);
        }
        if (from.hasResourceFieldRef()) {
            sources++;
            DownwardFields.resourceRef(from.resourceFieldRef(), false, path + ".resourceFieldRef", check);
        }
        var map = from.configMapKeyRef();
        if (map.exists()) {
            sources++;
            key(map.name(), map.key(), path + ".configMapKeyRef", check);
        }
        var secret = from.secretKeyRef();
        if (secret.exists()) {
            sources++;
            key(secret.name(), secret.key(), path + ".secretKeyRef", check);
        }
        if (from.hasFileKeyRef()) {
            sources++;
            file(from.fileKeyRef(), path + ".fileKeyRef", check);
        }
        if (sources == 0)
            check.invalid(
                    path,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`,"
                            + " `secretKeyRef` or `fileKeyRef`");
        else if (!variable.value().isEmpty()) check.invalid(path, "", "may not be specified when `value` is not empty");
        else if (sources > 1) check.invalid(path, "", "may not have more than one field specified at a time");
    }

    private static void key(String name, String key, String path, Check check) {
        check.name(name, path + ".name", Names.dnsSubdomain(name));
        if (check.required(key, path + ".key")) check.name(key, path + ".key", Names.configKey(key));
    }

    private static void file(FileKeySelector file, String path, Check check) {
        var key = file.key();
        if (check.required(key, path + ".key")) check.name(key, path + ".key", Names.envName(key));
        var volume = file.volumeName();
        if (check.required(volume, path + ".volumeName"))
            check.name(volume, path + ".volumeName", Names.dnsLabel(volume));
        if (check.required(file.path(), path + ".path"))
            StorageSourceRules.noBacksteps(file.path(), path + ".path", check);
    }

    /// @param list the path of the whole list, which the original blames for some errors
    private static void source(EnvFromSource source, String list, String at, Check check) {
        if (!source.prefix().isEmpty()) check.name(source.prefix(), at + ".prefix", Names.envName(source.prefix()));
        var map = source.configMapRef();
        var secret = source.secretRef();
        if (map.exists()) reference(map.name(), at + ".configMapRef.name", check);
        if (secret.exists()) reference(secret.name(), at + ".secretRef.name", check);
        if (!map.exists() && !secret.exists())
            check.invalid(list, "", "must specify one of: `configMapRef` or `secretRef`");
        if (map.exists() && secret.exists())
            check.invalid(list, "", "may not have more than one field specified at a time");
    }

    private static void reference(String name, String path, Check check) {
        if (!check.required(name, path)) return;
        // The original takes a trailing dash as that of a prefix.
        boolean dash = name.length() > 1 && name.endsWith("-");
        var whole = dash ? name.substring(0, name.length() - 2) + "a" : name;
        check.name(name, path, Names.dnsSubdomain(whole));
    }

    /// Files with variables are in volumes that the pod has to itself.
    static void files(PodSpec spec, String path, Check check) {
        var volumes = new HashMap<String, Volume>();
        for (var volume : spec.volumes()) volumes.put(volume.name(), volume);
        ContainerVisit.each(
                spec,
                path,
                (container, in) -> Check.each(container.env(), in + ".env", (variable, at) -> {
                    var file = variable.valueFrom().fileKeyRef();
                    if (!file.exists()) return;
                    var here = at + ".valueFrom.fileKeyRef.volumeName";
                    var volume = volumes.get(file.volumeName());
                    if (volume == null) check.add(FieldError.notFound(here, file.volumeName()));
                    else if (!volume.hasEmptyDir())
                        check.invalid(here, file.volumeName(), "referenced volume must be of type emptyDir");
                }));
    }
}
