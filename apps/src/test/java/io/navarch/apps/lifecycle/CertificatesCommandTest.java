package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.pki.Pki;
import io.navarch.process.Options;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesCommandTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path directory;

    private String output(Instant now, String action) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            new CertificatesCommand(new Pki(directory, () -> now), () -> now, print).run(action);
        }
        return out.toString(StandardCharsets.UTF_8).replaceAll(" +", " ");
    }

    @Test
    void theTableSaysWhenWhatEnds() throws IOException {
        new Pki(directory, () -> NOW).server("apiserver", "kube-apiserver", List.of("a"));
        assertThat(output(NOW, "status"))
                .contains("apiserver 2026-08-30T12:00:00Z 90d navarch-ca\n")
                .contains("ca 2036-05-29T12:00:00Z 3650d navarch-ca\n");
        assertThat(output(NOW.plus(Duration.ofDays(100)), "status")).contains("2026-08-30T12:00:00Z expired");
    }

    @Test
    void commandsSayWhatTheyHaveDone() throws IOException {
        new Pki(directory, () -> NOW).server("apiserver", "kube-apiserver", List.of("a"));
        assertThat(output(NOW, "renew")).isEqualTo("renewed: apiserver\n");
        assertThat(output(NOW, "rotate-ca")).startsWith("a new authority signs; renewed: apiserver\n");
        assertThat(output(NOW, "status")).contains("apiserver 2026-08-30T12:00:00Z 90d navarch-ca@1780315200\n");
        assertThat(output(NOW, "retire-ca")).isEqualTo("authorities not trusted any more: 1\n");
        output(NOW, "rotate-service-account-key");
        assertThat(output(NOW, "retire-service-account-keys")).isEqualTo("keys not valid any more: 1\n");
        assertThatThrownBy(() -> output(NOW, "rotate")).isInstanceOf(Options.UsageException.class);
    }

    @Test
    void aClusterThatIsNotThereIsNotMade() {
        assertThatThrownBy(() -> CertificatesCommand.run(
                        List.of(
                                "status",
                                "--data-dir",
                                directory.resolve("none").toString()),
                        Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not exist");
    }
}
