package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StoreContract {
    @TempDir
    Path directory;

    private Store store;

    @BeforeEach
    void open() {
        store = new EmbeddedStore(directory.resolve("db"), InstantSource.system());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    Store store() {
        return store;
    }

    @Test
    void aCursorTellsHowFarItHasComeWithoutEventsOfItsOwn() throws Exception {
        long first =
                store.put("/other/a", bytes("1"), Store.ABSENT, Duration.ZERO).revision();
        try (var cursor = store.watch("/w/", first)) {
            assertThat(cursor.reached()).isEqualTo(first - 1);
            assertThat(cursor.poll(Duration.ZERO)).isEmpty();
            assertThat(cursor.reached()).isEqualTo(first);
            long own =
                    store.put("/w/a", bytes("2"), Store.ABSENT, Duration.ZERO).revision();
            assertThat(take(cursor, 1)).hasSize(1);
            assertThat(cursor.reached()).isEqualTo(own);
        }
    }

    @Test
    void reopensWithEverything() throws Exception {
        long first = store.put("/a", bytes("1"), Store.ABSENT, Duration.ZERO).revision();
        store.put("/a", bytes("2"), first, Duration.ZERO);
        long revision = store.revision();
        store.close();
        open();
        assertThat(store.revision()).isEqualTo(revision);
        assertThat(text(store.get("/a").orElseThrow())).isEqualTo("2");
        assertThat(take(store.watch("/", first), 2)).hasSize(2);
    }

    @Test
    void refusesADamagedFileByName() throws IOException {
        store.put("/a", bytes("1"), Store.ABSENT, Duration.ZERO);
        store.close();
        var current = directory.resolve("db/CURRENT");
        var before = Files.readAllBytes(current);
        Files.writeString(current, "garbage");
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreDamagedException.class)
                .hasMessageContaining(directory.resolve("db").toString());
        Files.write(current, before);
        open();
        assertThat(text(store.get("/a").orElseThrow())).isEqualTo("1");
    }

    /// Each version must be met once: met once for every later one it would be 300 million removals.
    @Test
    void keysWithManyVersionsAreCompactedInOneGo() throws Exception {
        var versions = new Thread[8];
        for (int i = 0; i < versions.length; i++) {
            var key = "/hot/" + i;
            versions[i] = Thread.ofVirtual().start(() -> {
                long at = Store.ABSENT;
                for (int n = 0; n < 9000; n++)
                    at = store.put(key, bytes("" + n), at, Duration.ZERO).revision();
            });
        }
        for (var writer : versions) writer.join();
        store.put("/cold", bytes("1"), Store.ABSENT, Duration.ZERO);
        store.compact(store.revision());
        assertThat(store.range("/", "0", 0, 0).entries()).hasSize(9);
        assertThat(text(store.get("/hot/3").orElseThrow())).isEqualTo("8999");
        assertThatThrownBy(() -> store.range("/", "0", 5, 0)).isInstanceOf(Store.CompactedException.class);
        store.close();
        open();
        assertThat(store.range("/hot/", "/hot0", 0, 0).entries()).hasSize(8);
    }

    @Test
    void whatHasOutlivedItsTimeGoesAndIsSeenToGo() throws Exception {
        var time = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        try (var timed = new EmbeddedStore(directory.resolve("timed"), time::get)) {
            long short1 = timed.put("/e/short", bytes("1"), Store.ABSENT, Duration.ofHours(1))
                    .revision();
            long renewed = timed.put("/e/renewed", bytes("1"), Store.ABSENT, Duration.ofHours(1))
                    .revision();
            timed.put("/e/lasting", bytes("1"), Store.ABSENT, Duration.ZERO);
            time.set(time.get().plus(Duration.ofMinutes(50)));
            timed.put("/e/renewed", bytes("2"), renewed, Duration.ofHours(1));
            timed.expire();
            assertThat(timed.get("/e/short")).isPresent();
            time.set(time.get().plus(Duration.ofMinutes(20)));
            timed.expire();
            assertThat(timed.get("/e/short")).isEmpty();
            assertThat(text(timed.get("/e/renewed").orElseThrow())).isEqualTo("2");
            assertThat(timed.get("/e/lasting")).isPresent();
            assertThat(take(timed.watch("/e/short", short1), 2).getLast().deletion())
                    .isTrue();
        }
    }

    /// Writes until it is killed, printing each key when its write has been acknowledged.
    static final class Writer {
        public static void main(String[] arguments) {
            var store = new EmbeddedStore(Path.of(arguments[0]), InstantSource.system());
            for (int worker = 0; worker < 8; worker++) {
                int id = worker;
                Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        var key = "/k/" + id + "/" + i;
                        store.put(key, new byte[500], Store.ABSENT, Duration.ZERO);
                        System.out.println(key);
                    }
                });
            }
        }
    }

    @Test
    void losesNoAcknowledgedWriteWhenKilled() throws Exception {
        var path = directory.resolve("killed");
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        var process = new ProcessBuilder(List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        path.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var acknowledged = new ArrayList<String>();
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            while (acknowledged.size() < 2000) acknowledged.add(reader.readLine());
            process.destroyForcibly().waitFor();
        }
        try (var reopened = new EmbeddedStore(path, InstantSource.system())) {
            for (var key : acknowledged) assertThat(reopened.get(key)).as(key).isPresent();
        }
    }
}
