package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.agent.decide.ClaimedVolume.Source;
import io.navarch.agent.linux.BoundedCalls;
import io.navarch.agent.linux.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServersTest {
    private static final Source.Nfs EXPORT = new Source.Nfs("192.0.2.9", "/export");
    private static final Duration LONGEST = Duration.ofSeconds(3);
    private final BoundedCalls calls = new BoundedCalls(Duration.ofMinutes(1));

    @TempDir
    Path directory;

    private FileServers servers(String script) throws IOException {
        var program = Files.writeString(directory.resolve("mount"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new FileServers(program.toString(), LONGEST, calls);
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
        assertThatThrownBy(() -> new FileServers("/none/mount", LONGEST, calls).mount(EXPORT, place, List.of(), false))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("mount failed: /none/mount: ");
    }

    @Test
    void aMountThatTakesTooLongDoesNotGoOn() throws IOException {
        var place = Files.createDirectories(directory.resolve("place"));
        var child = directory.resolve("child");
        var servers = servers("sleep 600 & echo $! > " + child + "; wait");
        assertThatThrownBy(() -> servers.mount(EXPORT, place, List.of(), false))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("mount failed: ")
                .hasMessageContaining("no end after 3 s\nMounting command: ");
        var id = Long.parseLong(Files.readString(child).strip());
        assertThat(ProcessHandle.of(id).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void whatCameTooLateIsTakenAway() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        var place = Files.createDirectories(directory.resolve("place"));
        var servers = servers("/bin/mount -t tmpfs none " + place + "; exec sleep 600");
        assertThatThrownBy(() -> servers.mount(EXPORT, place, List.of(), false)).isInstanceOf(IOException.class);
        assertThat(MountTable.isMountPoint(place)).isFalse();
    }

    @Test
    void alsoWhereNothingCanBeTakenAwayItIsSaidWhatWasWaitedFor() throws IOException {
        var place = Files.createDirectories(directory.resolve("place"));
        var servers = servers("rmdir " + place + "; exec sleep 600");
        assertThatThrownBy(() -> servers.mount(EXPORT, place, List.of(), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no end after 3 s");
    }

    @Test
    void nothingIsMountedOverAMount() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        var place = Files.createDirectories(directory.resolve("place"));
        MountTable.memory(place, "size=65536");
        try {
            servers("touch " + directory + "/called").mount(EXPORT, place, List.of(), false);
        } finally {
            MountTable.clear(place, new BoundedCalls(Duration.ofMinutes(1)));
        }
        assertThat(directory.resolve("called")).doesNotExist();
    }
}
