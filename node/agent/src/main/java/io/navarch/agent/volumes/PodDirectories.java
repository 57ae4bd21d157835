package io.navarch.agent.volumes;

import io.navarch.agent.linux.Handle;
import io.navarch.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Where a pod's files lie, as the kubelet has them.
record PodDirectories(Path root) {
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
        return pod(uid).resolve("volumes/kubernetes.io~" + plugin(volume)).resolve(volume.name());
    }

    /// Where a part of a volume is shown to one container.
    Path subPath(String uid, String volume, String container, int index) {
        return pod(uid).resolve("volume-subpaths")
                .resolve(volume)
                .resolve(container)
                .resolve(String.valueOf(index));
    }

    private static String plugin(Volume volume) {
        if (volume.hasEmptyDir()) return "empty-dir";
        if (volume.hasConfigMap()) return "configmap";
        if (volume.hasSecret()) return "secret";
        return volume.hasDownwardAPI() ? "downward-api" : "projected";
    }

    /// Removes a tree of which containers may hold parts open. The path down to it is the node's own.
    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) return;
        try (var parent = Handle.directory(Objects.requireNonNull(path.getParent(), "not the root"))) {
            parent.removeTree(path.getFileName().toString());
        }
    }
}
