package io.navarch.agent.volumes;

import io.navarch.agent.decide.ClaimedVolume;
import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.RemovedTree;
import io.navarch.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// Where a pod's files lie, as the kubelet has them.
record PodDirectories(Path root) {
    private static final String IMAGE = "image";

    Path pod(String uid) {
        return root.resolve("pods").resolve(uid);
    }

    Path hosts(String uid) {
        return pod(uid).resolve("etc-hosts");
    }

    Path terminationLog(String uid, String container, int attempt) {
        return pod(uid).resolve("containers").resolve(container).resolve(String.valueOf(attempt));
    }

    /// The directory on the node that a volume is.
    Path volume(String uid, Volume volume) {
        if (volume.hasHostPath()) return Path.of(volume.hostPath().path());
        return volumes(uid).resolve("kubernetes.io~" + plugin(volume)).resolve(volume.name());
    }

    /// Where a pod is shown what is behind one of its claims.
    ///
    /// @param volume the persistent volume's name
    Path claimed(String uid, String plugin, String volume) {
        return volumes(uid).resolve(plugin).resolve(volume);
    }

    /// The directories in which a pod is shown what is behind its claims.
    List<Path> claimed(String uid) {
        return ClaimedVolume.Source.PLUGINS.stream()
                .map(plugin -> volumes(uid).resolve(plugin))
                .filter(Files::isDirectory)
                .toList();
    }

    private Path volumes(String uid) {
        return pod(uid).resolve("volumes");
    }

    /// The pods that have a directory here.
    Set<String> uids() throws IOException {
        var pods = root.resolve("pods");
        if (!Files.isDirectory(pods)) return Set.of();
        try (var list = Files.list(pods)) {
            return list.map(path -> path.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    Path subPaths(String uid) {
        return pod(uid).resolve("volume-subpaths");
    }

    /// Where a part of a volume is shown to one container.
    Path subPath(String uid, String volume, String container, int index) {
        return subPaths(uid).resolve(volume).resolve(container).resolve(String.valueOf(index));
    }

    /// Where the images are that a pod has as volumes.
    Path images(String uid) {
        return volumes(uid).resolve("kubernetes.io~" + IMAGE);
    }

    private static String plugin(Volume volume) {
        if (volume.hasImage()) return IMAGE;
        if (volume.hasEmptyDir()) return "empty-dir";
        if (volume.hasConfigMap()) return "configmap";
        if (volume.hasSecret()) return "secret";
        return volume.hasDownwardAPI() ? "downward-api" : "projected";
    }

    /// Removes a tree of which containers may hold parts open. The path down to it is the node's own.
    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) return;
        try (var parent = Handle.directory(Objects.requireNonNull(path.getParent(), "not the root"))) {
            RemovedTree.remove(parent, path.getFileName().toString());
        }
    }
}
