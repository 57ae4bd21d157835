package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a small file system of its own, where the kernel lets us mount one.
class FullDiskTest {
    @TempDir
    Path directory;

    private Path disk;

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private void mount(String size) throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        boolean mounted = false;
        try {
            mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()) == 0;
        } catch (IOException e) {
            // There is no such command.
        }
        assumeTrue(mounted, "a file system can be mounted");
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk == null) return;
        // The kernel may be busy with it for a moment; whoever keeps a file open is found.
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (run("mountpoint", "-q", disk.toString()) == 0 && run("umount", disk.toString()) != 0) {
            assertThat(System.nanoTime()).as("the store's files are still open").isLessThan(until);
            TaskScope.pause(50);
        }
    }

    @Test
    void refusesWritesWithTheReasonKeepsReadingLosesNothingAndRecovers() throws Exception {
        mount("32m");
        var filler = Files.write(disk.resolve("filler"), new byte[16 << 20]);
        Map<String, Long> acknowledged = new HashMap<>();
        String reason = "";
        try (var store = new EmbeddedStore(disk.resolve("db"), InstantSource.system())) {
            for (int i = 0; reason.isEmpty() && i < 100_000; i++) {
                var key = "/k/" + i % 1000;
                try {
                    acknowledged.put(
                            key,
                            store.put(key, new byte[10_000 + i % 100], Store.ANY, Duration.ZERO)
                                    .revision());
                } catch (IllegalStateException e) {
                    reason = String.valueOf(e.getMessage());
                }
            }
            assertThat(reason).contains("cannot be written", "No space left on device");
            assertThat(store.refusal()).hasValue(reason);
            for (int i = 0; i < 50; i++) {
                acknowledged.forEach((key, revision) ->
                        assertThat(store.get(key).orElseThrow().modRevision()).isEqualTo(revision));
            }
            long revision = store.revision();
            Files.delete(filler);
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (store.revision() == revision && System.nanoTime() < until) {
                try {
                    acknowledged.put(
                            "/again",
                            store.put("/again", new byte[10], Store.ANY, Duration.ZERO)
                                    .revision());
                } catch (IllegalStateException e) {
                    TaskScope.pause(100);
                }
            }
            assertThat(store.revision()).isGreaterThan(revision);
            assertThat(store.refusal()).isEmpty();
            // What fills the disk is mostly the past.
            store.compact(store.revision());
        }
        assertThat(StoreCheck.check(disk.resolve("db")).problems()).isEmpty();
        try (var store = new EmbeddedStore(disk.resolve("db"), InstantSource.system())) {
            acknowledged.forEach((key, revision) ->
                    assertThat(store.get(key).orElseThrow().modRevision()).isEqualTo(revision));
        }
    }

    @Test
    void isOpenedAlsoWithoutSpaceAndTakesNothingUntilThereIsSome() throws Exception {
        mount("512m");
        var filler = disk.resolve("filler");
        long written = 0;
        try (var store = new EmbeddedStore(disk.resolve("db"), InstantSource.system())) {
            while (!Files.exists(disk.resolve("db.reserve.4"))) TaskScope.pause(10);
            Files.write(filler, new byte[(int) disk.toFile().getUsableSpace() - (64 << 20)]);
            var random = new Random(1);
            var value = new byte[50_000];
            var full = false;
            while (!full) {
                random.nextBytes(value);
                try {
                    store.put("/k/" + written, value, Store.ANY, Duration.ZERO);
                    written++;
                } catch (IllegalStateException e) {
                    full = true;
                }
            }
        }
        fill(disk.resolve("rest"));
        for (int start = 0; start < 3; start++) {
            try (var store = new EmbeddedStore(disk.resolve("db"), InstantSource.system())) {
                assertThat(store.count("/k/", "/k0", 0)).isEqualTo(written);
                assertThat(store.refusal()).isPresent();
                assertThatThrownBy(() -> store.put("/a", new byte[10], Store.ANY, Duration.ZERO))
                        .hasMessageContaining("No space left on device");
                // Whoever fills the disk takes what the start has left over, too.
                fill(disk.resolve("rest" + start));
            }
        }
        Files.delete(filler);
        for (int start = 0; start < 3; start++) Files.delete(disk.resolve("rest" + start));
        try (var store = new EmbeddedStore(disk.resolve("db"), InstantSource.system())) {
            assertThat(store.refusal()).isEmpty();
            store.put("/a", new byte[10], Store.ANY, Duration.ZERO);
        }
    }

    private static void fill(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) channel.write(ByteBuffer.allocate(4096));
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }
}
