package io.navarch.agent.volumes;

import io.navarch.agent.linux.Handle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;

/// Gives a volume that was written to before to a pod's `fsGroup`: all that is in it, or nothing when its root says
/// that this has been done. Links are given too, and not followed; names that go meanwhile are passed over.
///
/// @param onRootMismatch whether the root is asked
record VolumeOwnership(long group, boolean onRootMismatch) {
    /// Of what is not done when nobody waits any longer.
    static final String UNDER_WAY = "Setting volume ownership is taking longer than expected, consider using"
            + " OnRootMismatch - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"
            + "#configure-volume-permission-and-ownership-change-policy-for-pods";

    private static final int FILE = 0660;
    private static final int DIRECTORY = 02770;

    static VolumeOwnership of(long group, boolean onRootMismatch) {
        return new VolumeOwnership(group, onRootMismatch);
    }

    /// What this is called that is done to a pod's volume.
    String name(Path place) {
        return place + " to " + group;
    }

    void apply(Handle volume) throws IOException {
        if (onRootMismatch && done(volume)) return;
        var left = new ArrayDeque<String>();
        left.add("");
        while (!left.isEmpty()) {
            var path = left.removeLast();
            try (var directory = path.isEmpty() ? volume.below(".") : volume.belowNoLinks(path)) {
                for (var name : directory.names()) {
                    if (give(directory, name)) left.add(path.isEmpty() ? name : path + "/" + name);
                }
            } catch (NoSuchFileException e) {
                // It is gone.
            }
        }
        // Last: it says that all is done.
        give(volume, DIRECTORY);
    }

    private boolean done(Handle volume) throws IOException {
        return (Integer) Files.getAttribute(volume.path(), "unix:gid") == group
                && (FileOwner.mode(volume.path()) & DIRECTORY) == DIRECTORY;
    }

    /// Returns whether there is more in it.
    private boolean give(Handle directory, String name) throws IOException {
        var entry = directory.entry(name);
        try {
            var attributes = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink()) {
                Files.setAttribute(entry, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
                return false;
            }
            try (var child = directory.child(name)) {
                boolean inside = child.attributes().isDirectory();
                give(child, inside ? DIRECTORY : FILE);
                return inside;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void give(Handle file, int mode) throws IOException {
        Files.setAttribute(file.path(), "unix:gid", (int) group);
        FileOwner.mode(file.path(), FileOwner.mode(file.path()) | mode);
    }
}
