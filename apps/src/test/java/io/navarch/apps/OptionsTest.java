package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {
    @TempDir
    Path directory;

    private static ServerConfig config(List<String> arguments, Map<String, String> environment) {
        return ServerConfig.of(Options.parse(ServerConfig.OPTIONS, arguments, environment));
    }

    @Test
    void flagsWinOverVariablesOverTheFile() throws IOException {
        var file = directory.resolve("config.yaml");
        Files.writeString(file, "port: 1\nnode-name: file\ncluster-domain: file.local\n");
        var read = config(
                List.of("--config", file.toString(), "--port=3"),
                Map.of("NAVARCH_PORT", "2", "NAVARCH_NODE_NAME", "variable"));
        assertThat(read.port()).isEqualTo(3);
        assertThat(read.nodeName()).isEqualTo("variable");
        assertThat(read.clusterDomain()).isEqualTo("file.local");
        assertThat(read.clusterDns()).isEqualTo("10.96.0.10");
    }

    @Test
    void mistakesNameTheNearestKnownOption() throws IOException {
        assertThatThrownBy(() -> config(List.of("--prot", "1"), Map.of()))
                .hasMessage("unknown flag --prot (did you mean --port?)");
        var file = directory.resolve("config.yaml");
        Files.writeString(file, "node_name: x\n");
        assertThatThrownBy(() -> config(List.of("--config", file.toString()), Map.of()))
                .hasMessageContaining("did you mean --node-name?");
        assertThatThrownBy(() -> config(List.of("--port", "x"), Map.of())).hasMessageContaining("must be a number");
        assertThatThrownBy(() -> config(List.of("--service-cidr", "x"), Map.of()))
                .hasMessageContaining("IPv4 network");
    }
}
