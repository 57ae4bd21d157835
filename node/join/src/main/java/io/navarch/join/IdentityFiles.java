package io.navarch.join;

import io.navarch.process.AtomicFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Who a node is and which cluster it is of, as files that only root can read.
record IdentityFiles(Path directory) {
    private static final String SERVER = "server";
    private static final String AUTHORITY = "ca.crt";
    static final String CLIENT = "client.pem";
    static final String SERVING = "serving.pem";

    Optional<ClusterInfo> cluster() throws IOException {
        var server = read(SERVER);
        var authority = read(AUTHORITY);
        if (server.isEmpty() || authority.isEmpty()) return Optional.empty();
        return Optional.of(new ClusterInfo(URI.create(server.get().strip()), authority.get()));
    }

    void write(ClusterInfo cluster) throws IOException {
        write(AUTHORITY, cluster.authority());
        write(SERVER, cluster.server() + "\n");
    }

    /// @param name [#CLIENT] or [#SERVING]
    Optional<NodeCertificate> certificate(String name) throws IOException {
        try {
            return read(name).map(NodeCertificate::of);
        } catch (IllegalArgumentException e) {
            throw new IOException(directory.resolve(name) + ": " + e.getMessage(), e);
        }
    }

    void write(String name, NodeCertificate certificate) throws IOException {
        write(name, certificate.pem());
    }

    private Optional<String> read(String name) throws IOException {
        var file = directory.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    private void write(String name, String text) throws IOException {
        AtomicFile.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8), "rw-------");
    }
}
