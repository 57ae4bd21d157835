package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.ClaimedVolume.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServersTest {
    private static final Source.Nfs EXPORT = new Source.Nfs("192.0.2.9", "/export");

    @TempDir
    Path directory;

    private FileServers servers(String script) throws IOException {
        var program = Files.writeString(directory.resolve("mount"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new FileServers(program.toString());
    }

    @Test
    void theSystemsProgramIsToldWhatToMount() throws IOException {
        var place = Files.createDirectories(directory.resolve("place"));
        var servers = servers("echo \"$@\" > " + directory + "/said");
        servers.mount(EXPORT, place, List.of("nfsvers=4.1", "hard"), true);
        assertThat(directory.resolve("said")).hasContent("-t nfs -o nfsvers=4.1,hard,ro -- 192.0.2.9:/export " + place);
        servers.mount(EXPORT, place, List.of(), false);
        assertThat(directory.resolve("said")).hasContent("-t nfs -- 192.0.2.9:/export " + place);
    }

    @Test
    void whatItSaysIsPassedOn() throws IOException {
        var place = Files.createDirectories(directory.resolve("place"));
        var servers = servers("echo bad option; echo no helper >&2; exit 32");
        assertThatThrownBy(() -> servers.mount(EXPORT, place, List.of(), false))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("mount failed: exit status 32\nMounting command: ")
                .hasMessageContaining("Output: bad option\nno helper");
        assertThatThrownBy(() -> new FileServers("/none/mount").mount(EXPORT, place, List.of(), false))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("mount failed: /none/mount: ");
    }
}
