package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Backoff, commands, files and scopes.
class ProcessTest {
    @TempDir
    private Path directory;

    @Test
    void eachFurtherFailureWaitsTwiceAsLongUpToALimit() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5));
        assertThat(List.of(0, 1, 2, 3, 4, 1000).stream().map(backoff::after))
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5));
    }

    @Test
    void aCommandGetsItsInputAndGivesItsOutput() {
        assertThat(Command.run(List.of("cat"), "hello")).isEqualTo("hello");
    }

    @Test
    void aFailedCommandSaysHowItEndedAndWhatItPrinted() {
        assertThatThrownBy(() -> Command.run(List.of("sh", "-c", "echo why >&2; exit 3")))
                .isInstanceOfSatisfying(
                        Command.FailedException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(3))
                .hasMessageEndingWith("exit code 3: why");
        assertThatThrownBy(() -> Command.run(List.of("/no/such/program")))
                .isInstanceOfSatisfying(
                        Command.FailedException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(127));
    }

    @Test
    void aCommandThatTakesTooLongIsEnded() {
        assertThatThrownBy(() -> Command.tryRun(List.of("sleep", "60"), "", Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        Command.FailedException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(124));
    }

    @Test
    void whatACommandThatTakesTooLongHasStartedIsEndedToo() throws IOException {
        var child = directory.resolve("child");
        var script = "sleep 600 & echo $! > " + child + ".next; mv " + child + ".next " + child + "; wait";
        assertThatThrownBy(() -> Command.tryRun(List.of("sh", "-c", script), "", Duration.ofSeconds(2)))
                .isInstanceOf(Command.FailedException.class);
        var id = Long.parseLong(Files.readString(child).strip());
        assertThat(ProcessHandle.of(id).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void filesAreReplacedAsAWholeWithTheirPermissions() throws IOException {
        var file = directory.resolve("below/key");
        AtomicFile.write(file, "old".getBytes(StandardCharsets.UTF_8), "rw-r--r--");
        AtomicFile.write(file, "new".getBytes(StandardCharsets.UTF_8), "rw-------");
        assertThat(file).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(file.getParent().toFile().list()).containsExactly("key");
    }

    @Test
    void noLinkThatWaitsIsWrittenThrough() throws IOException {
        var victim = directory.resolve("victim");
        Files.writeString(victim, "untouched");
        var file = directory.resolve("links/key");
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file.resolveSibling("key.new"), victim);
        Files.createSymbolicLink(file, victim);
        AtomicFile.write(file, "new".getBytes(StandardCharsets.UTF_8), "rw-r--r--");
        assertThat(victim).hasContent("untouched");
        assertThat(file).isRegularFile().hasContent("new");
        assertThat(Files.isSymbolicLink(file)).isFalse();
    }

    @Test
    void aFileThatCannotBeReplacedLeavesNothingBehind() throws IOException {
        var taken = directory.resolve("taken");
        Files.createDirectories(taken.resolve("inside"));
        assertThatThrownBy(() -> AtomicFile.write(taken, new byte[0], "rw-------"))
                .isInstanceOf(IOException.class);
        assertThat(directory.toFile().list()).containsExactly("taken");
    }

    @Test
    void closingAScopeInterruptsItsTasksAndWaitsForThem() throws InterruptedException {
        var started = new CountDownLatch(1);
        var scope = new TaskScope();
        var thread = scope.start("waits", () -> {
            started.countDown();
            new CountDownLatch(1).await();
        });
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        scope.close();
        assertThat(thread.isAlive()).isFalse();
        assertThat(scope.start("too late", () -> {}).getState()).isEqualTo(Thread.State.NEW);
    }

    @Test
    void aRepeatedTaskGoesOnAfterAFailure() throws InterruptedException {
        var runs = new CountDownLatch(3);
        try (var scope = new TaskScope()) {
            scope.every("fails", 1, () -> {
                runs.countDown();
                throw new IOException("again");
            });
            assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
