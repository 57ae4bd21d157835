package io.navarch.agent.volumes;

import io.navarch.agent.decide.ContainerConfigs;
import io.navarch.model.Pod;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A pod's `/etc/hosts`.
final class HostsFile {
    private static final String HEAD = """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            """;

    private HostsFile() {}

    static String text(Pod pod, String podAddress, String clusterDomain) {
        var text = new StringBuilder(HEAD).append("""
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters
                """);
        var hostname = ContainerConfigs.hostname(pod);
        var subdomain = pod.spec().subdomain();
        text.append(podAddress).append('\t');
        if (!subdomain.isEmpty()) {
            var domain = String.join(".", hostname, subdomain, pod.namespace(), "svc", clusterDomain);
            text.append(domain).append('\t');
        }
        text.append(hostname).append('\n');
        if (!pod.spec().hostAliases().isEmpty()) text.append("\n# Entries added by HostAliases.\n");
        for (var alias : pod.spec().hostAliases())
            text.append(alias.ip())
                    .append('\t')
                    .append(String.join("\t", alias.hostnames()))
                    .append('\n');
        return text.toString();
    }

    /// For containers that start before the address is known.
    static void writeIfMissing(Path file) throws IOException {
        if (!Files.exists(file)) write(file, HEAD);
    }

    /// Writes in place: containers have this very file mounted. It is cut last, so that a full disk does not leave an
    /// empty one.
    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.truncate(channel.position());
        }
    }
}
