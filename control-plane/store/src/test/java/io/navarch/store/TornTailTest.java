package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a loss of power leaves of a write that nobody was told of.
class TornTailTest {
    private static final int SECTOR = 512;

    @TempDir
    Path directory;

    private Path killed;
    private Path log;
    private byte[] written;
    /// Where the log ended before the last write.
    private int before;

    /// The files of a store that is not closed, before and after its last write.
    private void write(int size) throws IOException {
        killed = directory.resolve("killed-" + size);
        var running = directory.resolve("running-" + size);
        try (var store = open(running)) {
            for (int i = 0; i < 5; i++) put(store, "/k/" + i, 700);
            before = Files.readAllBytes(newestLog(running)).length;
            put(store, "/last", size);
            Files.createDirectory(killed);
            try (var files = Files.list(running)) {
                for (var file : files.toList()) Files.copy(file, killed.resolve(file.getFileName()));
            }
        }
        log = newestLog(killed);
        written = Files.readAllBytes(log);
        assertThat(written.length - before).isGreaterThan(size);
    }

    private static void put(EmbeddedStore store, String key, int size) {
        store.put(key, StoreContract.bytes("x".repeat(size)), Store.ANY, Duration.ZERO);
    }

    private static Path newestLog(Path at) throws IOException {
        try (var files = Files.list(at)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static EmbeddedStore open(Path at) {
        return new EmbeddedStore(at, InstantSource.system(), (duty, why) -> {
            throw new AssertionError(duty, why);
        });
    }

    private void zeros(int from, int to) throws IOException {
        var torn = written.clone();
        Arrays.fill(torn, from, to, (byte) 0);
        Files.write(log, torn);
    }

    private void onlyTheLastWriteIsGone() {
        try (var store = open(killed)) {
            for (int i = 0; i < 5; i++) assertThat(store.get("/k/" + i)).isPresent();
            assertThat(store.get("/last")).isEmpty();
            put(store, "/last", 10);
        }
        try (var store = open(killed)) {
            assertThat(store.get("/last")).isPresent();
        }
    }

    @BeforeEach
    void small() throws IOException {
        write(3000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void sectorsThatWereNotWrittenUpToTheEnd(int first) throws IOException {
        zeros((before / SECTOR + first) * SECTOR, written.length);
        onlyTheLastWriteIsGone();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void oneSectorInTheMiddle(int which) throws IOException {
        int from = (before / SECTOR + which) * SECTOR;
        zeros(from, from + SECTOR);
        onlyTheLastWriteIsGone();
    }

    /// A record of more than one block has parts, each with a sum of its own.
    @ParameterizedTest
    @ValueSource(ints = {1, 50, 64, 65, 100, 120})
    void oneSectorOfALongWrite(int which) throws IOException {
        write(70_000);
        int from = (before / SECTOR + which) * SECTOR;
        zeros(from, from + SECTOR);
        onlyTheLastWriteIsGone();
    }

    @Test
    void aFlippedBitIsDamage() throws IOException {
        var damaged = written.clone();
        damaged[before + 1000] ^= 1;
        Files.write(log, damaged);
        refused(damaged);
    }

    /// What comes after it may have been acknowledged.
    @Test
    void zerosBeforeAnotherWriteAreDamage() throws IOException {
        int from = SECTOR * 2;
        zeros(from, from + SECTOR);
        refused(Files.readAllBytes(log));
    }

    private void refused(byte[] as) throws IOException {
        assertThatThrownBy(() -> open(killed)).isInstanceOf(StoreDamagedException.class);
        assertThat(Files.readAllBytes(log)).isEqualTo(as);
    }
}
