package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
    @TempDir
    private Path temporary;

    private Path directory;

    @BeforeEach
    void inside() {
        directory = temporary.resolve("volume");
    }

    private void write(Map<String, FileContent> files) throws IOException {
        AtomicDirectory.write(directory, files, FileOwner.NOBODY_IN_PARTICULAR);
    }

    private List<String> names() throws IOException {
        try (var list = Files.list(directory)) {
            return list.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith(".."))
                    .sorted()
                    .toList();
        }
    }

    private String read(String path) throws IOException {
        return Files.readString(directory.resolve(path));
    }

    @Test
    void filesAreSeenThroughLinks() throws IOException {
        write(Map.of("a", FileContent.of("1", 0640), "deep/b", FileContent.of("2", 0644)));
        assertThat(names()).containsExactly("a", "deep");
        assertThat(read("a")).isEqualTo("1");
        assertThat(read("deep/b")).isEqualTo("2");
        assertThat(Files.readSymbolicLink(directory.resolve("a"))).isEqualTo(Path.of("..data/a"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("a"))))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aChangeReplacesEverythingAtOnceAndLeavesNothingBehind() throws IOException {
        write(Map.of("a", FileContent.of("1", 0644), "b", FileContent.of("1", 0644)));
        var before = directory.resolve("..data").toRealPath();
        write(Map.of("a", FileContent.of("2", 0644), "c", FileContent.of("2", 0644)));
        assertThat(names()).containsExactly("a", "c");
        assertThat(read("a")).isEqualTo("2");
        assertThat(before).doesNotExist();
        try (var list = Files.list(directory)) {
            // The link, what it leads to, and the two names.
            assertThat(list).hasSize(4);
        }
    }

    @Test
    void nothingIsTouchedWhenNothingChanges() throws IOException {
        write(Map.of("a", FileContent.of("1", 0644)));
        var before = directory.resolve("..data").toRealPath();
        write(Map.of("a", FileContent.of("1", 0644)));
        assertThat(directory.resolve("..data").toRealPath()).isEqualTo(before);
    }

    @Test
    void aPathDoesNotLeadOutOfTheVolume() {
        assertThatThrownBy(() -> write(Map.of("../../outside", FileContent.of("1", 0644))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leads out of the volume");
        assertThat(temporary.resolve("outside")).doesNotExist();
    }

    @Test
    void whatAContainerLeftIsReplacedAndNeverFollowed() throws IOException {
        var victim = Files.createDirectories(temporary.resolve("victim"));
        Files.writeString(victim.resolve("a"), "1");
        write(Map.of("a", FileContent.of("1", 0644)));
        Files.delete(directory.resolve("..data"));
        Files.createSymbolicLink(directory.resolve("..data"), victim);
        write(Map.of("a", FileContent.of("2", 0644)));
        assertThat(victim.resolve("a")).hasContent("1");
        assertThat(read("a")).isEqualTo("2");

        Files.delete(directory.resolve("..data"));
        Files.createDirectories(directory.resolve("..data/a"));
        Files.createSymbolicLink(directory.resolve("..data_tmp"), victim);
        Files.delete(directory.resolve("a"));
        Files.createSymbolicLink(directory.resolve("a"), victim);
        Files.createSymbolicLink(directory.resolve("..2026"), victim);
        Files.createDirectories(directory.resolve("left/deep"));
        Files.createSymbolicLink(directory.resolve("left/deep/out"), victim);
        write(Map.of("a", FileContent.of("3", 0644)));
        assertThat(victim.resolve("a")).hasContent("1");
        assertThat(read("a")).isEqualTo("3");
        assertThat(names()).containsExactly("a");
        try (var list = Files.list(directory)) {
            assertThat(list).hasSize(3);
        }
    }

    @Test
    void aLinkInTheFilesThemselvesIsNotReadThrough() throws IOException {
        var victim = Files.writeString(temporary.resolve("victim"), "1");
        write(Map.of("a", FileContent.of("1", 0644)));
        var file = directory.resolve("..data").toRealPath().resolve("a");
        Files.delete(file);
        Files.createSymbolicLink(file, victim);
        write(Map.of("a", FileContent.of("1", 0600)));
        assertThat(Files.isSymbolicLink(directory.resolve("..data").toRealPath().resolve("a")))
                .isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
                .isNotEqualTo("rw-------");
    }
}
