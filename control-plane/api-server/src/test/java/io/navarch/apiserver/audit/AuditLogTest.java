package io.navarch.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final byte[] HALF = ("x".repeat(600_000) + "\n").getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;

    private List<String> names() throws IOException {
        try (var list = Files.list(directory)) {
            return list.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void afterAStartItIsGoneOnWith() throws IOException {
        for (var text : List.of("one\n", "two\n")) {
            try (var log = new AuditLog(directory.resolve("audit.log"), new AuditLog.Keeping(0, 0, 0, false), clock)) {
                log.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        var file = directory.resolve("audit.log");
        assertThat(file).hasContent("one\ntwo\n");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    /// A watch ends by being interrupted, and is written down.
    @Test
    void whoeverIsInterruptedHoldsUpNobody() throws IOException {
        try (var log = new AuditLog(directory.resolve("audit.log"), new AuditLog.Keeping(0, 0, 0, false), clock)) {
            Thread.currentThread().interrupt();
            log.write("one\n".getBytes(StandardCharsets.UTF_8));
            assertThat(Thread.interrupted()).isTrue();
            log.write("two\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(directory.resolve("audit.log")).hasContent("one\ntwo\n");
    }

    /// Nothing can be written to it.
    @Test
    void whatCannotBeWrittenIsToldAndForgotten() throws IOException {
        try (var log = new AuditLog(Path.of("/dev/full"), new AuditLog.Keeping(0, 0, 0, false), clock)) {
            assertThatThrownBy(() -> log.write(HALF)).hasMessageContaining("No space left on device");
        }
    }

    /// As after a power loss.
    @Test
    void halfALineSpoilsNoOther() throws IOException {
        var file = directory.resolve("audit.log");
        Files.writeString(file, "one\nhal");
        try (var log = new AuditLog(file, new AuditLog.Keeping(0, 0, 0, false), clock)) {
            log.write("two\n".getBytes(StandardCharsets.UTF_8));
            log.write("three\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(file).hasContent("one\nhal\ntwo\nthree\n");
    }

    /// A tool that copies the file and cuts it, or another process that writes to it.
    @Test
    void itGoesOnWhereTheFileEnds() throws IOException {
        var file = directory.resolve("audit.log");
        try (var log = new AuditLog(file, new AuditLog.Keeping(0, 0, 0, false), clock)) {
            log.write("one\n".getBytes(StandardCharsets.UTF_8));
            Files.writeString(file, "x\n");
            log.write("two\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(file).hasContent("x\ntwo\n");
    }

    /// Something is in the way of the older file, then of the new one.
    @Test
    void whereTheFileCannotGiveWayItGrows() throws IOException {
        var file = directory.resolve("audit.log");
        var taken = directory.resolve("audit-2030-01-01T00-00-00.000.log");
        Files.createDirectories(taken.resolve("full"));
        try (var log = new AuditLog(file, new AuditLog.Keeping(1, 0, 0, false), clock)) {
            log.write(HALF);
            assertThatThrownBy(() -> log.write(HALF)).hasMessageContaining("cannot give way");
            assertThat(file).hasSize(2L * HALF.length);
            // It is not tried again for each line.
            log.write("one\n".getBytes(StandardCharsets.UTF_8));
            Files.delete(taken.resolve("full"));
            Files.delete(taken);
            log.write(HALF);
            assertThat(file).hasSize(HALF.length);
            assertThat(taken).hasSize(2L * HALF.length + 4);
        }
    }

    /// It was moved away, and no new one could be made.
    @Test
    void aFileThatIsMissingIsMadeAnew() throws IOException {
        var file = directory.resolve("audit.log");
        try (var log = new AuditLog(file, new AuditLog.Keeping(1, 0, 0, false), clock)) {
            log.write(HALF);
            Files.delete(file);
            log.write(HALF);
        }
        assertThat(file).hasSize(HALF.length);
    }

    @Test
    void onlyItsOwnOlderFilesAreDeleted() throws IOException {
        var others = List.of(
                "audit-policy.yaml",
                "audit-2020.log",
                "audit-2020-01-01T00-00-00.000.log.xz",
                "audit-.log",
                "other-2020-01-01T00-00-00.000.log.gz.part");
        for (var other : others) Files.writeString(directory.resolve(other), "kept");
        var old = Files.writeString(directory.resolve("audit-2029-12-01T00-00-00.000.log"), "old");
        var packed = Files.writeString(directory.resolve("audit-2029-12-02T00-00-00.000.log.gz"), "old");
        // Of a process that was killed, and of a file that has gone.
        var half = Files.writeString(directory.resolve("audit-2029-12-01T00-00-00.000.log.gz.part"), "half");
        var alone = Files.writeString(directory.resolve("audit-2029-12-30T00-00-00.000.log.gz.part"), "half");
        var young = Files.writeString(directory.resolve("audit-2029-12-31T00-00-00.000.log"), "young");
        try (var log = new AuditLog(directory.resolve("audit.log"), new AuditLog.Keeping(1, 0, 7, false), clock)) {
            log.write(HALF);
            log.write(HALF);
        }
        assertThat(old).doesNotExist();
        assertThat(packed).doesNotExist();
        assertThat(half).doesNotExist();
        assertThat(alone).doesNotExist();
        assertThat(young).exists();
        assertThat(names()).containsAll(others);
    }

    @Test
    void aFullFileGivesWayAndSoManyAreKept() throws IOException {
        try (var log = new AuditLog(directory.resolve("audit.log"), new AuditLog.Keeping(1, 2, 0, false), clock)) {
            for (int i = 0; i < 6; i++) {
                log.write(HALF);
                now = now.plusSeconds(1);
            }
        }
        assertThat(names())
                .containsExactly("audit-2030-01-01T00-00-04.000.log", "audit-2030-01-01T00-00-05.000.log", "audit.log");
        assertThat(directory.resolve("audit.log")).hasSize(HALF.length);
    }

    /// Also one that an earlier process left; what was half compressed is done anew.
    @Test
    void olderFilesAreCompressed() throws IOException {
        var left = Files.writeString(directory.resolve("audit-2029-12-31T00-00-00.000.log"), "left\n");
        Files.writeString(directory.resolve("audit-2029-12-31T00-00-00.000.log.gz.part"), "half");
        try (var log = new AuditLog(directory.resolve("audit.log"), new AuditLog.Keeping(1, 3, 0, true), clock)) {
            log.write(HALF);
            log.write(HALF);
        }
        assertThat(names())
                .containsExactly(
                        "audit-2029-12-31T00-00-00.000.log.gz", "audit-2030-01-01T00-00-00.000.log.gz", "audit.log");
        var packed = directory.resolve(left.getFileName() + ".gz");
        try (var in = new GZIPInputStream(Files.newInputStream(packed))) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("left\n");
        }
        assertThat(Files.getPosixFilePermissions(packed))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }
}
