package io.navarch.agent.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayDeque;
import java.util.Deque;

/// The removal of a tree that others may still be changing: every step is taken from a directory that is held open, so
/// that no link put in the way is ever followed. A tree may be deeper than there are descriptors: what lies deep is
/// moved up and removed later.
final class RemovedTree {
    private static final int DEEPEST = 32;

    private final SecureDirectoryStream<Path> top;
    private final String name;
    private final Deque<Path> left = new ArrayDeque<>();
    private int moved;

    private RemovedTree(SecureDirectoryStream<Path> top, String name) {
        this.top = top;
        this.name = name;
    }

    static void remove(Path directory, String name) throws IOException {
        try (var stream = Files.newDirectoryStream(directory)) {
            if (!(stream instanceof SecureDirectoryStream<Path> secure))
                throw new IOException("directories cannot be read by descriptor here");
            new RemovedTree(secure, name).remove();
        }
    }

    private void remove() throws IOException {
        left.add(Path.of(name));
        while (!left.isEmpty()) remove(top, left.removeFirst(), 0);
    }

    private void remove(SecureDirectoryStream<Path> directory, Path entry, int depth) throws IOException {
        if (!isDirectory(directory, entry)) {
            deleteFile(directory, entry);
        } else if (depth == DEEPEST) {
            var aside = Path.of(name + ".removed-" + moved++);
            directory.move(entry, top, aside);
            left.add(aside);
        } else {
            try (var inside = directory.newDirectoryStream(entry, LinkOption.NOFOLLOW_LINKS)) {
                for (var each : inside) remove(inside, each.getFileName(), depth + 1);
            }
            directory.deleteDirectory(entry);
        }
    }

    private static boolean isDirectory(SecureDirectoryStream<Path> directory, Path entry) throws IOException {
        try {
            return directory
                    .getFileAttributeView(entry, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void deleteFile(SecureDirectoryStream<Path> directory, Path entry) throws IOException {
        try {
            directory.deleteFile(entry);
        } catch (NoSuchFileException e) {
            // Somebody else has removed it.
        }
    }
}
