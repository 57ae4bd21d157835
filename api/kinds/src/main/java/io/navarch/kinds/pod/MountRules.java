package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.objects.FieldError;
import io.navarch.objects.View;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a container's mounts and block devices must be: of volumes that the pod has, each at a place of its own.
final class MountRules {
    private static final Set<String> PROPAGATION = Set.of("None", "HostToContainer", "Bidirectional");

    private MountRules() {}

    /// @param volumes the pod's volumes by name
    static void check(View container, String path, Map<String, View> volumes, Check check) {
        var mounts = container.get("volumeMounts");
        var devices = container.get("volumeDevices");
        mounts(container, mounts, devices, path + ".volumeMounts", volumes, check);
        devices(devices, mounts, path + ".volumeDevices", volumes, check);
    }

    private static void mounts(
            View container, View mounts, View devices, String path, Map<String, View> volumes, Check check) {
        var taken = new HashSet<String>();
        int i = 0;
        for (var mount : mounts.views()) {
            var at = path + "[" + i++ + "]";
            var name = mount.get("name").string();
            if (!volumes.containsKey(name)) check.add(FieldError.notFound(at + ".name", name));
            var target = mount.get("mountPath").string();
            if (!taken.add(target)) check.add(FieldError.invalid(at + ".mountPath", target, "must be unique"));
            if (devices.find("name", name).exists())
                check.add(FieldError.invalid(at + ".name", name, "must not already exist in volumeDevices"));
            if (devices.find("devicePath", target).exists())
                check.add(FieldError.invalid(
                        at + ".mountPath", target, "must not already exist as a path in volumeDevices"));
            var sub = mount.get("subPath").string();
            var expression = mount.get("subPathExpr").string();
            StorageSourceRules.relative(sub, path + ".subPath", check);
            StorageSourceRules.relative(expression, path + ".subPathExpr", check);
            if (!sub.isEmpty() && !expression.isEmpty())
                check.add(FieldError.invalid(
                        path + ".subPathExpr", expression, "subPathExpr and subPath are mutually exclusive"));
            propagation(container, mount.get("mountPropagation"), path + ".mountPropagation", check);
            readOnly(mount, path + ".recursiveReadOnly", check);
        }
    }

    private static void propagation(View container, View propagation, String path, Check check) {
        if (!propagation.exists()) return;
        check.oneOf(propagation, path, PROPAGATION);
        if (propagation.string().equals("Bidirectional")
                && !container.get("securityContext", "privileged").bool())
            check.add(FieldError.forbidden(
                    path, "Bidirectional mount propagation is available only to privileged containers"));
    }

    private static void readOnly(View mount, String path, Check check) {
        var mode = mount.get("recursiveReadOnly").string();
        if (mode.isEmpty() || mode.equals("Disabled")) return;
        if (!mount.get("readOnly").bool())
            check.add(FieldError.forbidden(path, "may only be specified when readOnly is true"));
        if (!List.of("", "None").contains(mount.get("mountPropagation").string()))
            check.add(
                    FieldError.forbidden(path, "may only be specified when mountPropagation is None or not specified"));
    }

    private static void devices(View devices, View mounts, String path, Map<String, View> volumes, Check check) {
        var names = new HashSet<String>();
        var paths = new HashSet<String>();
        int i = 0;
        for (var device : devices.views()) {
            var at = path + "[" + i++ + "]";
            var name = device.get("name").string();
            if (!names.add(name)) check.add(FieldError.invalid(at + ".name", name, "must be unique"));
            var volume = volumes.get(name);
            if (volume == null) check.add(FieldError.notFound(at + ".name", name));
            else if (!volume.get("persistentVolumeClaim").exists()
                    && !volume.get("ephemeral").exists())
                check.add(FieldError.invalid(
                        at + ".name",
                        name,
                        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"));
            var target = device.get("devicePath").string();
            if (!target.isEmpty() && List.of(target.split("/")).contains(".."))
                check.add(FieldError.invalid(at + ".devicePath", target, "can not contain backsteps ('..')"));
            else if (!paths.add(target)) check.add(FieldError.invalid(at + ".devicePath", target, "must be unique"));
            if (mounts.find("name", name).exists())
                check.add(FieldError.invalid(at + ".name", name, "must not already exist in volumeMounts"));
            if (mounts.find("mountPath", target).exists())
                check.add(FieldError.invalid(
                        at + ".devicePath", target, "must not already exist as a path in volumeMounts"));
        }
    }
}
