package io.navarch.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;

/// The files of an image while it is being built: a directory that paths and links are read in as they will be in
/// a container, so that none of them leads out.
record ImageRoot(Path directory) {
    private static final int MOST_LINKS = 40;

    /// Where a path of the image is; the directories above it are made. The last part is not looked at: it may be
    /// there, or be a link.
    ///
    /// @param path absolute, without `..`
    Path place(String path) throws IOException {
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) throw wrong(path);
        var parts = path.substring(1).split("/", -1);
        for (var part : parts) if (part.isEmpty() || part.equals(".") || part.equals("..")) throw wrong(path);
        var left = new ArrayDeque<>(List.of(parts).subList(0, parts.length - 1));
        var at = directory;
        int links = 0;
        while (!left.isEmpty()) {
            var next = at.resolve(left.pop()).normalize();
            // Above the root is the root.
            if (!next.startsWith(directory)) continue;
            if (!Files.isSymbolicLink(next)) {
                if (!Files.isDirectory(next)) Files.createDirectory(next);
                at = next;
                continue;
            }
            if (++links > MOST_LINKS) throw wrong(path);
            var target = Files.readSymbolicLink(next);
            if (target.isAbsolute()) at = directory;
            for (int i = target.getNameCount() - 1; i >= 0; i--)
                left.push(target.getName(i).toString());
        }
        return at.resolve(parts[parts.length - 1]);
    }

    private static IOException wrong(String path) {
        return new IOException("an image has no place for " + path);
    }

    void write(String path, String content) throws IOException {
        var file = place(path);
        if (Files.isSymbolicLink(file)) Files.delete(file);
        Files.writeString(
                file,
                content,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    void link(String path, String target) throws IOException {
        var link = place(path);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    /// Makes a directory, unless there is something already.
    void directory(String path) throws IOException {
        var made = place(path);
        if (!Files.exists(made, LinkOption.NOFOLLOW_LINKS)) Files.createDirectory(made);
    }
}
