package io.navarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.client.Kubeconfig;
import io.navarch.http.Tls;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigFileTest {
    private static final String OTHERS =
            "{apiVersion: v1, kind: Config, current-context: mine, clusters: [{name: mine, cluster: {server: https://x}}], users: [], contexts: [{name: mine, context: {cluster: mine}}]}";

    @TempDir
    Path directory;

    @Test
    void whatTheServerWritesIsRead() throws IOException {
        var file = directory.resolve("admin.kubeconfig");
        KubeconfigFile.write(file, KubeconfigFile.admin("https://192.0.2.7:6443", "authority", "certificate", "key"));
        assertThat(Kubeconfig.read(file))
                .isEqualTo(new Kubeconfig(
                        URI.create("https://192.0.2.7:6443"),
                        new Tls.Trust.Authorities("authority"),
                        Optional.of(new Tls.Identity("certificate", "key")),
                        ""));
    }

    @Test
    void mergingAndTakingOutLeavesTheUsersFileAsItWas() throws IOException {
        var file = directory.resolve("config");
        Files.writeString(file, OTHERS);
        var ours = KubeconfigFile.admin("https://y", "ca", "c", "k");
        KubeconfigFile.merge(file, ours);
        KubeconfigFile.merge(file, ours);
        var merged = View.of(Yaml.parse(Files.readString(file)));
        assertThat(merged.get("current-context").string()).isEqualTo("navarch");
        assertThat(merged.get("contexts").list()).hasSize(2);
        KubeconfigFile.takeOut(file);
        var left = View.of(Yaml.parse(Files.readString(file)));
        assertThat(left.get("current-context").string()).isEqualTo("mine");
        assertThat(left.get("clusters").list()).hasSize(1);
    }

    @Test
    void aFileThatHeldNothingElseGoes() throws IOException {
        var file = directory.resolve("config");
        KubeconfigFile.merge(file, KubeconfigFile.admin("https://y", "ca", "c", "k"));
        KubeconfigFile.takeOut(file);
        assertThat(file).doesNotExist();
    }
}
