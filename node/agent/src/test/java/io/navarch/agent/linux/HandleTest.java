package io.navarch.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HandleTest {
    @TempDir
    Path root;

    @Test
    void onlyTheEndOfAFileIsRead() throws IOException {
        var file = Files.write(root.resolve("log"), new byte[100_000]);
        Files.writeString(file, "the end", StandardOpenOption.APPEND);
        try (var handle = Handle.file(file)) {
            assertThat(new String(handle.tail(7), StandardCharsets.UTF_8)).isEqualTo("the end");
            assertThat(handle.tail(4096)).hasSize(4096);
            assertThat(handle.tail(1 << 20)).hasSize(100_007);
        }
    }

    @Test
    @Timeout(10)
    void devicesPipesAndLinksAreNotRead() throws Exception {
        try (var device = Handle.file(Path.of("/dev/zero"))) {
            assertThat(device.tail(4096)).isEmpty();
        }
        var pipe = root.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(Duration.ofSeconds(5)))
                .isTrue();
        try (var handle = Handle.file(pipe)) {
            assertThat(handle.tail(4096)).isEmpty();
        }
        var link = Files.createSymbolicLink(root.resolve("link"), Path.of("/etc/passwd"));
        assertThatThrownBy(() -> Handle.file(link)).isInstanceOf(IOException.class);
    }

    @Test
    void aNameIsOneNameAndAPathHasNoZeroInIt() throws IOException {
        try (var directory = Handle.directory(root)) {
            for (var name : List.of("", ".", "..", "a/b", "/etc"))
                assertThatThrownBy(() -> directory.child(name)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> directory.below("a\0b")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aTreeIsRemovedHoweverDeepAndItsLinksAreNotFollowed() throws IOException {
        var victim = Files.createDirectories(root.resolve("victim/kept"));
        var top = Files.createDirectories(root.resolve("volume"));
        Files.createSymbolicLink(top.resolve("out"), root.resolve("victim"));
        // Deeper than a path may be long, as a container makes it that goes down step by step.
        try (var first = Handle.directory(top)) {
            Files.createDirectory(first.entry("d"));
            var here = first.child("d");
            for (int i = 0; i < 5000; i++) {
                Files.createDirectory(here.entry("d"));
                try (var parent = here) {
                    here = parent.child("d");
                }
            }
            here.close();
        }
        try (var directory = Handle.directory(root)) {
            RemovedTree.remove(directory, "volume");
            assertThat(directory.names()).containsExactly("victim");
        }
        assertThat(victim).isDirectory();
    }

    @Test
    void whatIsMountedInATreeIsNotRemovedWithIt() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
        var inside = Files.createDirectories(root.resolve("volume/deep/inside"));
        var others = Files.createDirectories(root.resolve("others/data"));
        try (var shown = Handle.directory(others.getParent());
                var directory = Handle.directory(root)) {
            // On the same device too.
            shown.bindTo(inside);
            for (var name : List.of("deep", "volume")) {
                var from = name.equals("deep") ? root.resolve("volume") : root;
                try (var parent = Handle.directory(from)) {
                    assertThatThrownBy(() -> RemovedTree.remove(parent, name)).isInstanceOf(IOException.class);
                }
            }
            assertThat(others).isDirectory();
            MountTable.clear(root, new BoundedCalls(Duration.ofMinutes(1)));
            RemovedTree.remove(directory, "volume");
            assertThat(directory.names()).containsExactly("others");
        } finally {
            MountTable.clear(root, new BoundedCalls(Duration.ofMinutes(1)));
        }
        assertThat(others).isDirectory();
    }
}
