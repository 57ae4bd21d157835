package io.navarch.agent.volumes;

import io.navarch.agent.decide.UnresolvedException;
import io.navarch.model.HostPathVolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Directories and files of the node itself: whether they are what a pod takes them for.
final class HostPaths {
    /// The kinds of files that Java has no words for, by the bits of their modes.
    private static final int KIND = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    private HostPaths() {}

    static void prepare(HostPathVolumeSource source) throws IOException {
        var path = Path.of(source.path());
        switch (source.type()) {
            case DIRECTORY_OR_CREATE -> {
                if (!Files.exists(path)) Files.createDirectories(path);
                require(Files.isDirectory(path), "directory", path);
            }
            case FILE_OR_CREATE -> {
                if (!Files.exists(path)) Files.createFile(path);
                require(Files.isRegularFile(path), "file", path);
            }
            case DIRECTORY -> require(Files.isDirectory(path), "directory", path);
            case FILE -> require(Files.isRegularFile(path), "file", path);
            case SOCKET -> require(is(SOCKET, path), "socket file", path);
            case CHAR_DEVICE -> require(is(CHARACTER_DEVICE, path), "character device", path);
            case BLOCK_DEVICE -> require(is(BLOCK_DEVICE, path), "block device", path);
            default -> {}
        }
    }

    static boolean isBlockDevice(Path path) throws IOException {
        return is(BLOCK_DEVICE, path);
    }

    private static boolean is(int kind, Path path) throws IOException {
        return Files.exists(path) && ((Integer) Files.getAttribute(path, "unix:mode") & KIND) == kind;
    }

    private static void require(boolean holds, String what, Path path) {
        if (!holds) throw new UnresolvedException("hostPath type check failed: " + path + " is not a " + what);
    }
}
