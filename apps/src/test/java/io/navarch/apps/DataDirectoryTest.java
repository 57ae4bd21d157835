package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apps.lifecycle.CertificatesCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path directory;

    @Test
    void aClusterThatHasLostItsAuthorityDoesNotGetAnotherWithoutAWord() throws IOException {
        assertThatCode(() -> DataDirectory.expectAuthority(directory)).doesNotThrowAnyException();
        Files.createDirectory(directory.resolve("store"));
        assertThatThrownBy(() -> DataDirectory.expectAuthority(directory))
                .hasMessageContaining(directory.resolve("pki") + " is missing")
                .hasMessageContaining("restore")
                .hasMessageContaining("navarch certs replace-lost --data-dir " + directory);
        assertThat(directory.resolve("pki")).doesNotExist();
        assertThatThrownBy(() -> certs("status")).hasMessageContaining("does not exist");
        certs("replace-lost");
        assertThatCode(() -> DataDirectory.expectAuthority(directory)).doesNotThrowAnyException();
    }

    private void certs(String action) throws IOException {
        CertificatesCommand.run(List.of(action, "--data-dir", directory.toString()), Map.of());
    }
}
