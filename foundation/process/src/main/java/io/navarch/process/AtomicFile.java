package io.navarch.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Objects;

/// Writes files atomically: after a crash, a file has either its old or its new content, and never an empty one.
///
/// The new content is written to a file of a name that nobody knows beforehand and that nobody else can read, so
/// that neither a link that waits there nor a reader who is quick gets hold of it. What is there already is not written
/// again: whoever starts on a full disk needs no space for what has not changed.
public final class AtomicFile {
    private AtomicFile() {}

    /// @param permissions such as `rw-------`
    /// @throws FileSystemException that names the file
    public static void write(Path file, byte[] content, String permissions) throws IOException {
        if (isThere(file, content, permissions)) return;
        try {
            replace(file, content, permissions);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            var named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    /// Another's file may become anything later.
    private static boolean isThere(Path file, byte[] content, String permissions) {
        try {
            var now = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!now.isRegularFile()
                    || now.size() != content.length
                    || !PosixFilePermissions.toString(now.permissions()).equals(permissions)
                    || !now.owner().equals(Files.getOwner(Path.of("/proc/self")))) return false;
            try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                return Arrays.equals(in.readNBytes(content.length), content);
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static void replace(Path file, byte[] content, String permissions) throws IOException {
        var directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "not the root");
        Files.createDirectories(directory);
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var fresh = Files.createTempFile(directory, file.getFileName() + ".", ".new", mine);
        try {
            try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) channel.write(bytes);
                channel.force(true);
            }
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(permissions));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        persistNames(directory);
    }

    /// A name lasts only once its directory is written as well.
    public static void persistNames(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
