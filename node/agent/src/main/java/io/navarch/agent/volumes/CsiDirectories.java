package io.navarch.agent.volumes;

import io.navarch.agent.decide.CsiVolume;
import io.navarch.objects.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where drivers' volumes are on the node, as the kubelet has them: drivers are told these paths.
record CsiDirectories(PodDirectories pods) {
    private static final String MOUNT = "mount";

    private Path plugins() {
        return pods.root().resolve("plugins/kubernetes.io/csi");
    }

    /// What the node keeps of a pod's volume.
    Path place(String uid, String name) {
        return pods.claimed(uid, CsiVolume.PLUGIN, name);
    }

    /// All that it keeps of a pod's.
    List<Path> places(String uid) throws IOException {
        return list(pods.claimed(uid, CsiVolume.PLUGIN, "."));
    }

    /// Where the driver shows a volume to a pod.
    Path target(String uid, CsiVolume volume) {
        return volume.block()
                ? published(volume.name()).resolve(uid)
                : place(uid, volume.name()).resolve(MOUNT);
    }

    /// What the node keeps of a volume for all pods.
    Path shared(String driver, String handle) {
        return plugins().resolve(driver).resolve(Sha256.hex(handle));
    }

    /// All that it keeps of volumes for all pods.
    List<Path> shared() throws IOException {
        var found = new ArrayList<Path>();
        for (var driver : list(plugins())) {
            if (!driver.equals(devices())) found.addAll(list(driver));
        }
        return found;
    }

    /// Where the driver makes a volume ready for all pods.
    Path staging(CsiVolume volume) {
        return volume.block()
                ? devices().resolve("staging").resolve(volume.name())
                : shared(volume.driver(), volume.handle()).resolve("globalmount");
    }

    /// Where the driver shows a device to pods.
    Path published(String name) {
        return devices().resolve("publish").resolve(name);
    }

    private Path devices() {
        return plugins().resolve("volumeDevices");
    }

    /// A path that was kept, when it is one of these.
    Optional<Path> own(String kept) {
        var path = Path.of(kept).normalize();
        boolean below = path.startsWith(pods.root().resolve("pods")) || path.startsWith(plugins());
        return below && path.getNameCount() > pods.root().getNameCount() + 2 ? Optional.of(path) : Optional.empty();
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) return List.of();
        try (var entries = Files.list(directory.normalize())) {
            return entries.filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }
}
