package io.navarch.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes files atomically: after a crash, a file has either its old or its new content.
public final class AtomicFile {
    private AtomicFile() {}

    /// @param permissions such as `rw-------`
    public static void write(Path file, byte[] content, String permissions) throws IOException {
        if (file.getParent() != null) Files.createDirectories(file.getParent());
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, content);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(permissions));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
