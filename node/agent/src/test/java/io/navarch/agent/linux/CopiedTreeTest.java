package io.navarch.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopiedTreeTest {
    @TempDir
    Path directory;

    private Path from;
    private Path into;

    @BeforeEach
    void directories() throws IOException {
        from = Files.createDirectory(directory.resolve("from"));
        into = Files.createDirectory(directory.resolve("into"));
    }

    private CopiedTree.Outcome copy(long room) throws IOException {
        try (var source = Handle.directory(from);
                var target = Handle.directory(into)) {
            return CopiedTree.copy(source, target, room);
        }
    }

    @Test
    void aCopyHasWhatTheOriginalHas() throws IOException {
        var deep = Files.createDirectories(from.resolve("a/b"));
        var file = Files.writeString(deep.resolve("row"), "1");
        Files.setAttribute(file, "unix:uid", 999);
        Files.setAttribute(file, "unix:gid", 998);
        Files.setAttribute(file, "unix:mode", 04751);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00.123456789Z")));
        Files.createLink(from.resolve("same"), file);
        Files.createSymbolicLink(from.resolve("link"), Path.of("/nowhere"));
        Files.setAttribute(from.resolve("link"), "unix:uid", 999, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(from.resolve("a"), "unix:mode", 0700);
        Files.setLastModifiedTime(from.resolve("a"), FileTime.from(Instant.parse("2026-01-02T00:00:00Z")));
        assertThat(copy(0).files()).isEqualTo(3);
        var copied = into.resolve("a/b/row");
        assertThat(copied).hasContent("1");
        for (var attribute : List.of("unix:uid", "unix:gid", "unix:mode", "unix:lastModifiedTime"))
            assertThat(Files.getAttribute(copied, attribute))
                    .as(attribute)
                    .isEqualTo(Files.getAttribute(file, attribute));
        assertThat(Files.isSameFile(copied, into.resolve("same"))).isTrue();
        assertThat(Files.isSameFile(copied, file)).isFalse();
        assertThat(Files.readSymbolicLink(into.resolve("link"))).isEqualTo(Path.of("/nowhere"));
        assertThat(Files.getAttribute(into.resolve("link"), "unix:uid", LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(999);
        assertThat(Files.getAttribute(into.resolve("a"), "unix:mode"))
                .isEqualTo(Files.getAttribute(from.resolve("a"), "unix:mode"));
        assertThat(Files.getLastModifiedTime(into.resolve("a")).toInstant()).isEqualTo("2026-01-02T00:00:00Z");
    }

    @Test
    void largeFilesAreCopiedByteByByteAndZeroesTakeNoRoom() throws IOException {
        var random = new Random(1);
        var bytes = new byte[3 * (1 << 20) + 777];
        random.nextBytes(bytes);
        // Zeroes of all sorts: across pages, whole chunks, at the end.
        Arrays.fill(bytes, 5000, 5000 + 40_000, (byte) 0);
        Arrays.fill(bytes, 1 << 20, 2 << 20, (byte) 0);
        Arrays.fill(bytes, bytes.length - 10_000, bytes.length, (byte) 0);
        Files.write(from.resolve("file"), bytes);
        try (var sparse = new RandomAccessFile(from.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(64L << 20);
        }
        copy(0);
        assertThat(into.resolve("file")).hasBinaryContent(bytes);
        assertThat(into.resolve("sparse")).hasSize(64L << 20);
        var taken = Command.tryRun(
                List.of("du", "--block-size=1", into.resolve("sparse").toString()), "", Duration.ofSeconds(30));
        assertThat(Long.parseLong(taken.out().split("\t")[0])).isLessThan(1 << 20);
    }

    @Test
    void whatWasCopiedBeforeIsNotCopiedAgain() throws IOException {
        Files.writeString(from.resolve("one"), "1");
        Files.writeString(from.resolve("two"), "2");
        copy(0);
        var inode = Files.getAttribute(into.resolve("one"), "unix:ino");
        Files.writeString(into.resolve("two"), "half");
        copy(0);
        assertThat(Files.getAttribute(into.resolve("one"), "unix:ino")).isEqualTo(inode);
        assertThat(into.resolve("two")).hasContent("2");
    }

    @Test
    void linksAreNotFollowedAndPipesAreNotRead() throws IOException {
        var outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        Files.createSymbolicLink(from.resolve("out"), outside);
        Files.createSymbolicLink(into.resolve("row"), outside.resolve("secret"));
        Files.writeString(from.resolve("row"), "1");
        Command.run(List.of("mkfifo", from.resolve("pipe").toString()));
        var outcome = copy(0);
        assertThat(outcome.passedOver()).isEqualTo(1);
        assertThat(into.resolve("out")).isSymbolicLink();
        assertThat(outside.resolve("secret")).hasContent("s");
        assertThat(Files.isRegularFile(into.resolve("row"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(into.resolve("pipe")).doesNotExist();
    }

    @Test
    void whatIsDeepIsCopiedAndWhatHasNoEndIsNot() throws IOException {
        var deep = Files.createDirectories(from.resolve("d/".repeat(200)));
        Files.writeString(deep.resolve("row"), "1");
        copy(0);
        assertThat(into.resolve("d/".repeat(200)).resolve("row")).hasContent("1");
        Files.createDirectories(deep.resolve("d"));
        assertThatThrownBy(() -> copy(0)).hasMessageContaining("more than 200 directories");
    }

    @Test
    void aDiskIsNotFilled() throws IOException {
        Files.writeString(from.resolve("row"), "1");
        long all = FileSystemSpace.of(from).bytes();
        assertThatThrownBy(() -> copy(all + 1)).isInstanceOf(CopiedTree.NoRoomException.class);
    }
}
