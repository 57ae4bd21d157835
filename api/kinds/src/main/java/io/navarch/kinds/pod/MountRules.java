package io.navarch.kinds.pod;

import io.navarch.kinds.support.Check;
import io.navarch.model.Container;
import io.navarch.model.MountPropagation;
import io.navarch.model.RecursiveReadOnly;
import io.navarch.model.Volume;
import io.navarch.model.VolumeDevice;
import io.navarch.model.VolumeMount;
import io.navarch.objects.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a container's mounts and block devices must be: of volumes that the pod has, each at a place of its own.
final class MountRules {
    private static final Set<String> READ_ONLY = Set.of("Disabled", "Enabled", "IfPossible");
    private static final Set<String> PROPAGATION = Set.of("None", "HostToContainer", "Bidirectional");

    private MountRules() {}

    /// @param volumes the pod's volumes by name
    static void check(Container container, String path, Map<String, Volume> volumes, Check check) {
        mounts(container, path + ".volumeMounts", volumes, check);
        devices(container, path + ".volumeDevices", volumes, check);
    }

    private static void mounts(Container container, String path, Map<String, Volume> volumes, Check check) {
        var devices = container.volumeDevices();
        var taken = new HashSet<String>();
        Check.each(container.volumeMounts(), path, (mount, at) -> {
            var name = mount.name();
            check.required(name, at + ".name");
            if (!volumes.containsKey(name)) check.add(FieldError.notFound(at + ".name", name));
            var target = mount.mountPath();
            check.required(target, at + ".mountPath");
            if (!taken.add(target)) check.invalid(at + ".mountPath", target, "must be unique");
            if (devices.stream().anyMatch(device -> device.name().equals(name)))
                check.invalid(at + ".name", name, "must not already exist in volumeDevices");
            if (devices.stream().anyMatch(device -> device.devicePath().equals(target)))
                check.invalid(at + ".mountPath", target, "must not already exist as a path in volumeDevices");
            var sub = mount.subPath();
            var expression = mount.subPathExpr();
            StorageSourceRules.relative(sub, path + ".subPath", check);
            if (!sub.isEmpty() && !expression.isEmpty())
                check.invalid(at + ".subPathExpr", expression, "subPathExpr and subPath are mutually exclusive");
            StorageSourceRules.relative(expression, path + ".subPathExpr", check);
            propagation(container, mount, path + ".mountPropagation", check);
            readOnly(mount, path + ".recursiveReadOnly", check);
        });
    }

    private static void propagation(Container container, VolumeMount mount, String path, Check check) {
        check.oneOf(mount.raw(VolumeMount.MOUNT_PROPAGATION), path, PROPAGATION);
        if (mount.mountPropagation() == MountPropagation.BIDIRECTIONAL
                && !container.securityContext().privileged())
            check.forbidden(path, "Bidirectional mount propagation is available only to privileged containers");
    }

    private static void readOnly(VolumeMount mount, String path, Check check) {
        var mode = mount.recursiveReadOnly();
        check.oneOf(mount.raw(VolumeMount.RECURSIVE_READ_ONLY), path, READ_ONLY);
        if (mode != RecursiveReadOnly.ENABLED && mode != RecursiveReadOnly.IF_POSSIBLE) return;
        if (!mount.readOnly()) check.forbidden(path, "may only be specified when readOnly is true");
        if (mount.hasMountPropagation() && mount.mountPropagation() != MountPropagation.NONE)
            check.forbidden(path, "may only be specified when mountPropagation is None or not specified");
    }

    private static void devices(Container container, String path, Map<String, Volume> volumes, Check check) {
        var mounts = container.volumeMounts();
        var names = new HashSet<String>();
        var paths = new HashSet<String>();
        Check.each(container.volumeDevices(), path, (device, at) -> {
            var name = device.name();
            check.required(name, at + ".name");
            if (names.contains(name)) check.invalid(at + ".name", name, "must be unique");
            block(device, volumes.get(name), at + ".name", check);
            if (!name.isEmpty()) names.add(name);
            var target = device.devicePath();
            check.required(target, at + ".devicePath");
            if (paths.contains(target)) check.invalid(at + ".devicePath", target, "must be unique");
            if (List.of(target.split("/")).contains(".."))
                check.invalid(at + ".devicePath", target, "can not contain backsteps ('..')");
            else paths.add(target);
            if (mounts.stream().anyMatch(mount -> mount.name().equals(name)))
                check.invalid(at + ".name", name, "must not already exist in volumeMounts");
            if (mounts.stream().anyMatch(mount -> mount.mountPath().equals(target)))
                check.invalid(at + ".devicePath", target, "must not already exist as a path in volumeMounts");
        });
    }

    private static void block(VolumeDevice device, @Nullable Volume volume, String path, Check check) {
        if (volume == null) check.add(FieldError.notFound(path, device.name()));
        else if (!volume.hasPersistentVolumeClaim() && !volume.hasEphemeral())
            check.invalid(
                    path,
                    device.name(),
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
    }
}
