package io.navarch.agent.localpath;

import io.navarch.agent.linux.Handle;
import io.navarch.agent.linux.RemovedTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// A volume's directory, below one that nobody but the node can change.
final class VolumeDirectory {
    private VolumeDirectory() {}

    /// Everybody may write to it: whoever the containers of its pod are.
    static void make(Path root, String name) throws IOException {
        try (var parent = Handle.directory(root)) {
            var entry = parent.entry(name);
            if (!Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) Files.createDirectory(entry);
            try (var made = parent.child(name)) {
                Files.setAttribute(made.path(), "unix:mode", 0777);
            }
        }
    }

    /// With what a removal that was interrupted has moved aside.
    static void remove(Path root, String name) throws IOException {
        try (var parent = Handle.directory(root)) {
            RemovedTree.remove(parent, name);
            for (var each : parent.names()) {
                if (each.startsWith(name + ".removed-")) RemovedTree.remove(parent, each);
            }
        }
    }
}
