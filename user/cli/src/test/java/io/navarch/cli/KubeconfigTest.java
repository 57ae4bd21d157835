package io.navarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {
    @TempDir
    Path directory;

    @Test
    void whatTheServerWritesIsRead() throws IOException {
        var file = directory.resolve("admin.kubeconfig");
        KubeconfigFile.write(file, KubeconfigFile.admin("https://192.0.2.7:6443", "authority", "certificate", "key"));
        assertThat(Kubeconfig.read(file))
                .isEqualTo(new Kubeconfig(URI.create("https://192.0.2.7:6443"), "authority", "certificate", "key", ""));
    }

    @Test
    void theCurrentContextCounts() throws IOException {
        var file = Files.writeString(directory.resolve("config"), """
                current-context: b
                contexts:
                - {name: a, context: {cluster: a, user: a}}
                - {name: b, context: {cluster: b, user: b}}
                clusters:
                - {name: a, cluster: {server: https://a}}
                - {name: b, cluster: {server: https://b}}
                users:
                - {name: a, user: {token: ta}}
                - {name: b, user: {token: tb}}
                """);
        var read = Kubeconfig.read(file);
        assertThat(read).isEqualTo(new Kubeconfig(URI.create("https://b"), null, null, null, "tb"));
        assertThat(read.port()).isEqualTo(443);
    }
}
