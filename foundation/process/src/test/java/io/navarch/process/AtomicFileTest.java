package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    private static final String OWN = "rw-------";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void named() {
        file = directory.resolve("sub/file");
    }

    private Object written(String content, String permissions) throws IOException {
        AtomicFile.write(file, content.getBytes(StandardCharsets.UTF_8), permissions);
        assertThat(file).isRegularFile().hasContent(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)))
                .isEqualTo(permissions);
        try (var all = Files.list(file.getParent())) {
            assertThat(all).containsExactly(file);
        }
        // As long as there is another link, no other file has its number.
        Files.createLink(Files.createTempDirectory(directory, "kept").resolve("link"), file);
        return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() throws IOException {
        var first = written("a", OWN);
        assertThat(written("a", OWN)).isEqualTo(first);
        var second = written("b", OWN);
        assertThat(second).isNotEqualTo(first);
        assertThat(written("b", "rw-r--r--")).isNotEqualTo(second);
        assertThat(written("bc", OWN)).isNotEqualTo(second);
        assertThat(written("", OWN)).isEqualTo(written("", OWN));
    }

    @Test
    void aLinkToTheSameIsReplaced() throws IOException {
        Files.createDirectory(file.getParent());
        var other = Files.writeString(directory.resolve("other"), "a");
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString(OWN));
        Files.createSymbolicLink(file, other);
        assertThat(written("a", OWN)).isNotNull();
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }

    @Test
    void whatCannotBeWrittenIsNamed() throws IOException {
        Files.createDirectories(file.resolve("in the way"));
        assertThatThrownBy(() -> AtomicFile.write(file, new byte[1], OWN))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }
}
