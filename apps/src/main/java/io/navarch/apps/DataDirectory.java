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

    /// A first start makes the authority before anything is stored: where something is and there is no
    /// authority, it has been lost. Another one would be another cluster to all clients and nodes.
    static void expectAuthority(Path path) throws IOException {
        var pki = path.resolve("pki");
        if (Files.exists(pki.resolve("ca.crt")) || Files.exists(pki.resolve("ca.key"))) return;
        if (!Files.exists(path.resolve("store"))) return;
        throw new IOException(
                "the cluster's authority in " + pki + " is missing, although the cluster is not new: restore"
                        + " the directory from a backup, or begin with an authority and keys that nobody knows yet by"
                        + " `navarch certs replace-lost --data-dir " + path + "` (nothing was changed)");
    }
}
