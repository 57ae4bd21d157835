package io.navarch.agent.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogsTest {
    private static final String HEAD = "2026-01-01T00:00:00.000000000Z stdout F ";

    @TempDir
    Path directory;

    private String read(long tail, long limit, String... lines) throws Exception {
        return read(Files.writeString(directory.resolve("0.log"), String.join("\n", lines) + "\n"), tail, limit);
    }

    private static String read(Path log, long tail, long limit) throws Exception {
        var out = new ByteArrayOutputStream();
        var request = new ContainerLogs.Request(false, false, tail, limit, Optional.empty(), "");
        ContainerLogs.copy(log, request, out, () -> false);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLastLinesAndTheFirstBytes() throws Exception {
        assertThat(read(-1, -1, HEAD + "a", HEAD + "b")).isEqualTo("a\nb\n");
        assertThat(read(1, -1, HEAD + "a", HEAD + "b")).isEqualTo("b\n");
        assertThat(read(-1, 3, HEAD + "a", HEAD + "b")).isEqualTo("a\nb");
    }

    @Test
    void aLineWithoutAnEndDoesNotFillTheMemory() throws Exception {
        var text = read(-1, -1, HEAD + "x".repeat(3 << 20), HEAD + "after");
        assertThat(text.length()).isLessThan(300 << 10);
        assertThat(text).endsWith("x\nafter\n");
    }

    /// A pod that has the directory of logs mounted puts there what it likes.
    @Test
    void whatIsNoFileIsNotRead() throws Exception {
        var secret = Files.writeString(directory.resolve("secret"), HEAD + "of the node\n");
        var link = Files.createSymbolicLink(directory.resolve("1.log"), secret);
        assertThatThrownBy(() -> read(link, -1, -1)).isInstanceOf(IOException.class);
        var nowhere = Files.createSymbolicLink(directory.resolve("2.log"), directory.resolve("gone"));
        assertThatThrownBy(() -> read(nowhere, -1, -1)).isInstanceOf(IOException.class);
        var pipe = directory.resolve("3.log");
        Command.run(List.of("mkfifo", pipe.toString()));
        assertThat(read(pipe, -1, -1)).isEmpty();
        assertThat(read(directory, -1, -1)).isEmpty();
    }

    /// What stands at each end of the file that is followed comes once, and in its order.
    @Test
    void whoFollowsALogGoesOnWhenItIsRotated() throws Exception {
        var log = Files.writeString(directory.resolve("0.log"), HEAD + "line 0\n");
        var out = new ByteArrayOutputStream();
        var running = new AtomicBoolean(true);
        var request = new ContainerLogs.Request(true, false, 1, -1, Optional.empty(), "");
        var reader = CompletableFuture.runAsync(() -> {
            try {
                ContainerLogs.copy(log, request, out, running::get);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 1; i < 4; i++) {
            awaitLine(out, reader, i - 1);
            Files.writeString(log, HEAD + "late " + i + "\n", StandardOpenOption.APPEND);
            Files.move(log, directory.resolve("0.log.2026010" + i));
            Files.writeString(log, HEAD + "line " + i + "\n");
        }
        awaitLine(out, reader, 3);
        running.set(false);
        reader.get(60, TimeUnit.SECONDS);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                line 0
                late 1
                line 1
                late 2
                line 2
                late 3
                line 3
                """);
    }

    private static void awaitLine(ByteArrayOutputStream out, CompletableFuture<Void> reader, int number)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!out.toString(StandardCharsets.UTF_8).contains("line " + number + "\n")) {
            assertThat(reader).isNotDone();
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void theEndOfWhatIsWrittenIsKept() throws IOException {
        var last = new LastBytes(2048);
        try (OutputStream out = last) {
            for (int i = 0; i < 100_000; i++) out.write("line\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(last.text()).hasSize(2048).endsWith("line\n");
    }
}
