package io.navarch.agent.csi;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The sockets in the directory where plugins put them. Whoever can write there decides what is in it, so that only
/// real sockets count, links are not followed, and there is an end to depth and number.
record PluginSockets(Path root) {
    private static final int DEEPEST = 4;
    private static final int MOST = 128;

    private static final int KIND = 0170000;
    private static final int SOCKET = 0140000;

    /// A socket that was made anew at the same path is another one.
    ///
    /// @param made when its entry was last changed
    record Identity(Object inode, Object made) {}

    Map<Path, Identity> present() throws IOException {
        var found = new TreeMap<Path, Identity>();
        collect(root, 0, found);
        return found;
    }

    private static void collect(Path directory, int depth, Map<Path, Identity> found) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (var entry : entries) {
                if (found.size() >= MOST) return;
                if (entry.getFileName().toString().startsWith(".")) continue;
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    if (depth + 1 < DEEPEST) collect(entry, depth + 1, found);
                } else {
                    add(entry, found);
                }
            }
        } catch (NoSuchFileException e) {
            // It is gone, and what was in it too.
        }
    }

    private static void add(Path entry, Map<Path, Identity> found) throws IOException {
        try {
            var attributes = Files.readAttributes(entry, "unix:mode,ino,ctime", LinkOption.NOFOLLOW_LINKS);
            if (((Integer) attributes.getOrDefault("mode", 0) & KIND) != SOCKET) return;
            found.put(entry, new Identity(attributes.getOrDefault("ino", 0), attributes.getOrDefault("ctime", 0)));
        } catch (NoSuchFileException e) {
            // It is gone.
        }
    }
}
