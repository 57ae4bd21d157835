package io.navarch.apps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Where a process keeps everything, for nobody else to read.
final class DataDirectory {
    private DataDirectory() {}

    static void prepare(Path path) throws IOException {
        try {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            Files.delete(Files.createTempFile(path, "write", ".test"));
        } catch (IOException e) {
            throw new IOException(
                    "cannot use the data directory " + path + ": " + e.getMessage()
                            + "; give another with --data-dir or run as root",
                    e);
        }
    }
}
