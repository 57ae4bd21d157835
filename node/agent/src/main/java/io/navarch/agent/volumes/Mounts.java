package io.navarch.agent.volumes;

import io.navarch.agent.decide.Environment;
import io.navarch.agent.decide.UnresolvedException;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.cri.ContainerConfig.Propagation;
import io.navarch.cri.RuntimeFailure;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.RecursiveReadOnly;
import io.navarch.model.Volume;
import io.navarch.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What is mounted into the containers of a pod: its volumes, the termination log, the hosts file.
///
/// @param paths where the node has a volume of the pod
/// @param calls to whatever shows them
record Mounts(PodDirectories directories, Pod pod, Function<Volume, Path> paths, BoundedCalls calls) {
    private static final String ETC_HOSTS = "/etc/hosts";

    List<Mount> of(Container spec, int attempt, Map<String, String> environment) throws IOException {
        var result = new ArrayList<Mount>();
        var mounts = spec.volumeMounts();
        for (int i = 0; i < mounts.size(); i++) result.add(volume(spec, i, mounts.get(i), environment));
        var log = directories.terminationLog(pod.uid(), spec.name(), attempt);
        Files.createDirectories(log.getParent());
        if (!Files.exists(log)) Files.createFile(log);
        FileOwner.mode(log, 0666);
        result.add(writable(spec.terminationMessagePathOr("/dev/termination-log"), log));
        boolean ownHosts =
                spec.volumeMounts().stream().anyMatch(mount -> mount.mountPath().equals(ETC_HOSTS));
        if (!pod.spec().hostNetwork() && !ownHosts) result.add(writable(ETC_HOSTS, directories.hosts(pod.uid())));
        return result;
    }

    private static Mount writable(String containerPath, Path path) {
        return new Mount(containerPath, path.toString(), false, Propagation.PRIVATE);
    }

    private Mount volume(Container spec, int index, VolumeMount mount, Map<String, String> environment) {
        var volume = pod.spec().volumes().stream()
                .filter(each -> each.name().equals(mount.name()))
                .findFirst()
                .orElseThrow(() -> new UnresolvedException(
                        "cannot find volume \"" + mount.name() + "\" to mount into container \"" + spec.name() + "\""));
        requirePossible(mount);
        var source = paths.apply(volume);
        var sub = mount.hasSubPathExpr() ? Environment.expand(mount.subPathExpr(), environment) : mount.subPath();
        var path = mount.mountPath();
        var shown = sub.isEmpty() ? source : part(spec, index, mount, volume, source, sub);
        return new Mount(
                path.startsWith("/") ? path : "/" + path,
                shown.toString(),
                mount.readOnly() || readOnly(volume),
                switch (mount.mountPropagation()) {
                    case HOST_TO_CONTAINER -> Propagation.HOST_TO_CONTAINER;
                    case BIDIRECTIONAL -> Propagation.BIDIRECTIONAL;
                    default -> Propagation.PRIVATE;
                });
    }

    private Path part(Container spec, int index, VolumeMount mount, Volume volume, Path source, String sub) {
        var parts = new SubPaths(directories, calls, pod.uid());
        if (!volume.hasImage()) return parts.prepare(spec, index, mount.name(), source, sub);
        try {
            return parts.prepare(spec, index, mount.name(), source, sub);
        } catch (UnresolvedException e) {
            // Elsewhere it is the runtime that finds out.
            throw new RuntimeFailure(
                    RuntimeFailure.Reason.UNKNOWN,
                    "failed to mount image volume \"" + mount.name() + "\": no subPath \"" + sub + "\" in it");
        }
    }

    /// The runtime can only make the mount itself read-only, not what is mounted below it.
    private static void requirePossible(VolumeMount mount) {
        if (mount.recursiveReadOnly() == RecursiveReadOnly.ENABLED)
            throw new UnresolvedException("failed to resolve recursive read-only mode: volume \"" + mount.name()
                    + "\" requested recursive read-only mode, but it is not supported by the runtime");
    }

    /// Whether nobody may write to it: what the API says, or what a claim is used for.
    private static boolean readOnly(Volume volume) {
        return volume.hasImage()
                || volume.hasConfigMap()
                || volume.hasSecret()
                || volume.hasDownwardAPI()
                || volume.hasProjected()
                || volume.csi().readOnly()
                || volume.nfs().readOnly()
                || volume.persistentVolumeClaim().readOnly();
    }
}
