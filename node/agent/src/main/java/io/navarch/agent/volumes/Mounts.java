package io.navarch.agent.volumes;

import io.navarch.agent.decide.Environment;
import io.navarch.cri.ContainerConfig.Mount;
import io.navarch.cri.ContainerConfig.Propagation;
import io.navarch.model.Container;
import io.navarch.model.Pod;
import io.navarch.model.Volume;
import io.navarch.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What is mounted into the containers of a pod: its volumes, the termination log, the hosts file.
record Mounts(PodDirectories directories, Pod pod) {
    private static final String ETC_HOSTS = "/etc/hosts";

    List<Mount> of(Container spec, int attempt, Map<String, String> environment) throws IOException {
        var result = new ArrayList<Mount>();
        for (var mount : spec.volumeMounts()) result.add(volume(mount, environment));
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

    private Mount volume(VolumeMount mount, Map<String, String> environment) throws IOException {
        var volume = pod.spec().volumes().stream()
                .filter(each -> each.name().equals(mount.name()))
                .findFirst()
                .orElse(Volume.ABSENT);
        var source = directories.volume(pod.uid(), volume);
        var sub = mount.hasSubPathExpr() ? Environment.expand(mount.subPathExpr(), environment) : mount.subPath();
        var path = mount.mountPath();
        return new Mount(
                path.startsWith("/") ? path : "/" + path,
                (sub.isEmpty() ? source : subPath(source, sub)).toString(),
                mount.readOnly() || readOnly(volume),
                switch (mount.mountPropagation()) {
                    case HOST_TO_CONTAINER -> Propagation.HOST_TO_CONTAINER;
                    case BIDIRECTIONAL -> Propagation.BIDIRECTIONAL;
                    default -> Propagation.PRIVATE;
                });
    }

    /// Whether nobody may write to it: what the API says, or what a claim is used for.
    private static boolean readOnly(Volume volume) {
        return volume.hasConfigMap()
                || volume.hasSecret()
                || volume.hasDownwardAPI()
                || volume.hasProjected()
                || volume.persistentVolumeClaim().readOnly();
    }

    /// A container may have put links into the volume: none of them leads out of it.
    private static Path subPath(Path source, String sub) throws IOException {
        var path = source.resolve(sub).normalize();
        if (!path.startsWith(source)) throw leadsOut(sub);
        if (!Files.exists(source)) Files.createDirectories(source);
        var root = source.toRealPath();
        var known = path;
        while (!Files.exists(known)) {
            // What exists is a link to what does not: it would be made wherever that is.
            if (Files.isSymbolicLink(known)) throw leadsOut(sub);
            known = Objects.requireNonNull(known.getParent(), "the volume is there");
        }
        var real = known.toRealPath();
        if (!real.startsWith(root)) throw leadsOut(sub);
        // A single file of a ConfigMap is mounted as it is now.
        if (known.equals(path)) return real;
        var made = real.resolve(known.relativize(path));
        Files.createDirectories(made);
        FileOwner.mode(made, 0777);
        return made;
    }

    private static IOException leadsOut(String sub) {
        return new IOException("subPath " + sub + " leads out of the volume");
    }
}
