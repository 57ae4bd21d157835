package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionConfigurationTest {
    @TempDir
    Path folder;

    @Test
    void whatIsNoConfigurationIsNamed() throws IOException {
        assertThatThrownBy(() -> AdmissionConfiguration.of("/nowhere"))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining("cannot read /nowhere");
        var other = Files.writeString(folder.resolve("other.yaml"), "kind: Pod");
        assertThatThrownBy(() -> AdmissionConfiguration.of(other.toString()))
                .hasMessageContaining("kind must be AdmissionConfiguration, not Pod");
    }
}
