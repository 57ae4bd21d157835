package io.navarch.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes files atomically: after a crash, a file has either its old or its new content, and never an empty one.
///
/// The new content is written to a file of a name that nobody knows beforehand and that nobody else can read, so
/// that neither a link that waits there nor a reader who is quick gets hold of it.
public final class AtomicFile {
    private AtomicFile() {}

    /// @param permissions such as `rw-------`
    public static void write(Path file, byte[] content, String permissions) throws IOException {
        var directory = file.toAbsolutePath().getParent();
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
        // The name lasts only once the directory is written as well.
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
