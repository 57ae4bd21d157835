package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.navarch.process.TaskScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        boolean mounted = false;
        try {
            mounted = run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", disk.toString()) == 0;
        } catch (IOException e) {
            // There is no such command.
        }
        assumeTrue(mounted, "a file system can be mounted");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    @Test
    void refusesWritesWithTheReasonKeepsReadingLosesNothingAndRecovers() throws Exception {
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
            // What fills the disk is mostly the past.
            store.compact(store.revision());
        }
        assertThat(StoreCheck.check(disk.resolve("db")).problems()).isEmpty();
        try (var store = new EmbeddedStore(disk.resolve("db"), InstantSource.system())) {
            acknowledged.forEach((key, revision) ->
                    assertThat(store.get(key).orElseThrow().modRevision()).isEqualTo(revision));
        }
    }
}
