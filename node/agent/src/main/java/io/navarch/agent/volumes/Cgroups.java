package io.navarch.agent.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The cgroups of pods, in whichever hierarchies the machine has.
final class Cgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    private Cgroups() {}

    /// Removes a pod's cgroup, which has no processes any more.
    static void remove(String cgroup) throws IOException {
        if (!Files.isDirectory(ROOT)) return;
        try (var hierarchies = Files.list(ROOT)) {
            for (var hierarchy : hierarchies.toList()) removeTree(Path.of(hierarchy + cgroup));
        }
        removeTree(Path.of(ROOT + cgroup));
    }

    /// The files in a cgroup go with its directory and cannot be removed by themselves.
    private static void removeTree(Path path) throws IOException {
        if (!Files.isDirectory(path)) return;
        try (var children = Files.list(path)) {
            for (var child : children.filter(Files::isDirectory).toList()) removeTree(child);
        }
        Files.deleteIfExists(path);
    }
}
