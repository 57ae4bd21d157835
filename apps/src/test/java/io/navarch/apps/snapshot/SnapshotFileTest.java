package io.navarch.apps.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.TaskScope;
import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import io.navarch.store.StoreSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots and what is made of them, with a store and files as a server has them.
class SnapshotFileTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path directory;

    private Path data;

    @BeforeEach
    void cluster() throws IOException {
        data = directory.resolve("data");
        Files.createDirectories(data.resolve("pki/front-proxy"));
        Files.writeString(data.resolve("pki/ca.key"), "authority");
        Files.writeString(data.resolve("pki/front-proxy/ca.key"), "front");
        Files.writeString(data.resolve("encryption.yaml"), "key");
        Files.writeString(data.resolve("server.log"), "not part of it");
        Files.setPosixFilePermissions(data.resolve("pki/ca.key"), PosixFilePermissions.fromString("r--------"));
        put(data, "one");
    }

    private static void put(Path data, String value) {
        try (var store = new EmbeddedStore(data.resolve("store"), InstantSource.system())) {
            store.put("/a", value.getBytes(StandardCharsets.UTF_8), Store.ANY, Duration.ZERO);
        }
    }

    private static String stored(Path data) {
        try (var store = new EmbeddedStore(data.resolve("store"), InstantSource.system())) {
            return store.get("/a")
                    .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                    .orElse("");
        }
    }

    private SnapshotFile save(String name) throws Exception {
        return SnapshotFile.write(
                directory.resolve(name), data, out -> StoreSnapshot.take(data.resolve("store"), out), "v1", NOW);
    }

    private static void restore(SnapshotFile snapshot, Path to) throws Exception {
        try (var held = DataLock.take(to)) {
            Restore.of(snapshot, held);
        }
    }

    private static boolean finish(Path data) throws Exception {
        try (var held = DataLock.take(data)) {
            return Restore.finish(held);
        }
    }

    @Test
    void whatItSaysOfItselfIsSo() throws Exception {
        var made = save("a.snapshot");
        assertThat(made.version()).isEqualTo("v1");
        assertThat(made.time()).isEqualTo(NOW);
        assertThat(made.keys()).isEqualTo(1);
        assertThat(SnapshotFile.verify(made.path())).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.path())))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> save("a.snapshot")).isInstanceOf(FileAlreadyExistsException.class);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(data, made.path());
        }
    }

    @Test
    void aBitThatHasChangedAndAnEndThatIsMissingAreFound() throws Exception {
        var whole = Files.readAllBytes(save("a.snapshot").path());
        var file = directory.resolve("b.snapshot");
        for (int at = 0; at < whole.length; at += 3) {
            var changed = whole.clone();
            changed[at] ^= (byte) (1 << at % 8);
            Files.write(file, changed);
            assertThatThrownBy(() -> SnapshotFile.verify(file)).isInstanceOf(IOException.class);
        }
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SnapshotFile.verify(file)).isInstanceOf(IOException.class);
        }
        var noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        Files.write(file, noise);
        assertThatThrownBy(() -> SnapshotFile.look(file)).hasMessage(file + " is no snapshot of Navarch");
        Files.writeString(file, "navarch-snapshot 2\nwhatever it is");
        assertThatThrownBy(() -> SnapshotFile.look(file)).hasMessageContaining("newer version");
    }

    @Test
    void anEmptyDirectoryBecomesTheCluster() throws Exception {
        var snapshot = save("a.snapshot");
        var to = directory.resolve("to");
        restore(snapshot, to);
        assertThat(stored(to)).isEqualTo("one");
        assertThat(to.resolve("pki/ca.key")).hasContent("authority");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to.resolve("pki/ca.key"))))
                .isEqualTo("r--------");
        assertThat(to.resolve("pki/front-proxy/ca.key")).hasContent("front");
        assertThat(to.resolve("encryption.yaml")).hasContent("key");
        try (var files = Files.list(to)) {
            // What was used once may hold some space back by now.
            assertThat(files.map(each -> each.getFileName().toString())
                            .filter(name -> !name.startsWith("store.reserve")))
                    .containsExactlyInAnyOrder("store", "pki", "encryption.yaml", "lock");
        }
    }

    @Test
    void aClusterIsReplacedWholeAndNothingElse() throws Exception {
        var snapshot = save("a.snapshot");
        put(data, "two");
        Files.writeString(data.resolve("pki/later.key"), "later");
        Files.writeString(data.resolve("encryption-status.json"), "later");
        Files.writeString(data.resolve("admin.kubeconfig"), "later");
        assertThat(Restore.live(data)).isTrue();
        restore(snapshot, data);
        assertThat(stored(data)).isEqualTo("one");
        assertThat(data.resolve("pki/later.key")).doesNotExist();
        assertThat(data.resolve("encryption-status.json")).doesNotExist();
        assertThat(data.resolve("admin.kubeconfig")).doesNotExist();
        assertThat(data.resolve("server.log")).hasContent("not part of it");
        assertThat(finish(data)).isFalse();
    }

    /// A crash leaves some of it in its place and some not.
    @Test
    void whatACrashInterruptsIsBroughtToItsEnd() throws Exception {
        var snapshot = save("a.snapshot");
        var other = directory.resolve("other");
        restore(snapshot, other);
        put(data, "two");
        // As it is when a crash comes after the first of them was moved.
        var ready = Files.createDirectory(data.resolve("restoring"));
        Files.move(other.resolve("store"), ready.resolve("store"));
        Files.move(other.resolve("pki"), data.resolve("pki.restored"));
        Files.writeString(ready.resolve("no-encryption.yaml"), "");
        Files.delete(data.resolve("pki/ca.key"));
        assertThat(finish(data)).isTrue();
        assertThat(stored(data)).isEqualTo("one");
        assertThat(data.resolve("encryption.yaml")).doesNotExist();
        // What has neither a mark nor a successor has its place already.
        assertThat(data.resolve("pki/front-proxy/ca.key")).hasContent("front");
        assertThat(ready).doesNotExist();
    }

    @Test
    void oneThatCannotBeReadChangesNothing() throws Exception {
        var snapshot = save("a.snapshot");
        put(data, "two");
        var bytes = Files.readAllBytes(snapshot.path());
        Files.write(snapshot.path(), Arrays.copyOf(bytes, 120));
        assertThatThrownBy(() -> restore(snapshot, data)).isInstanceOf(IOException.class);
        assertThat(stored(data)).isEqualTo("two");
        assertThat(data.resolve("pki/ca.key")).hasContent("authority");
        assertThat(data.resolve("restoring.new")).doesNotExist();
    }

    /// A key that came meanwhile is in it: the store may hold what was encrypted with it.
    @Test
    void filesThatChangeMeanwhileAreReadAgain() throws Exception {
        var times = new AtomicInteger();
        SnapshotFile.Source source = out -> {
            if (times.incrementAndGet() < 3) Files.writeString(data.resolve("encryption.yaml"), "key " + times);
            return StoreSnapshot.take(data.resolve("store"), out);
        };
        var made = SnapshotFile.write(directory.resolve("a.snapshot"), data, source, "v1", NOW);
        assertThat(times).hasValue(3);
        assertThat(SnapshotFile.verify(made.path()).keys()).isEqualTo(1);
        restore(made, directory.resolve("to"));
        assertThat(directory.resolve("to/encryption.yaml")).hasContent("key 2");
        SnapshotFile.Source never = out -> {
            Files.writeString(data.resolve("encryption.yaml"), "key " + times.incrementAndGet());
            return StoreSnapshot.take(data.resolve("store"), out);
        };
        var file = directory.resolve("b.snapshot");
        assertThatThrownBy(() -> SnapshotFile.write(file, data, never, "v1", NOW))
                .hasMessageContaining("change again and again");
        assertThat(file).doesNotExist();
    }

    @Test
    void whatARestoreWouldNotReadIsNotWritten() throws Exception {
        Files.write(data.resolve("pki/long"), new byte[(4 << 20) + 1]);
        assertThatThrownBy(() -> save("a.snapshot")).hasMessageContaining("pki/long is 4194305 bytes long");
    }

    /// As on FAT.
    @Test
    void whereThereAreNoLinksAFileIsMoved() throws Exception {
        var name = directory.resolve("a");
        SnapshotFile.Naming none = (link, existing) -> {
            throw new FileSystemException(link.toString(), existing.toString(), "Operation not permitted");
        };
        SnapshotFile.name(name, Files.writeString(directory.resolve("fresh"), "one"), none);
        assertThat(name).hasContent("one");
        var more = Files.writeString(directory.resolve("fresh"), "two");
        assertThatThrownBy(() -> SnapshotFile.name(name, more, none)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(name).hasContent("one");
    }

    @Test
    void aRunningServerGivesItsStoreThroughASocket() throws Exception {
        try (var store = new EmbeddedStore(data.resolve("store"), InstantSource.system());
                var scope = new TaskScope();
                var socket = new SnapshotSocket(data, store::snapshot)) {
            assertThat(store.revision()).isPositive();
            socket.start(scope);
            for (var name : List.of("a.snapshot", "b.snapshot")) {
                var running = SnapshotSocket.running(data).orElseThrow();
                var made = SnapshotFile.write(directory.resolve(name), data, running, "v1", NOW);
                assertThat(SnapshotFile.verify(made.path()).revision()).isEqualTo(store.revision());
            }
        }
        assertThat(SnapshotSocket.running(data)).isEmpty();
    }

    @Test
    void aScheduleMakesWhatIsDueAndKeepsSoMany() throws Exception {
        var folder = directory.resolve("kept");
        var asked = new SnapshotFolder(folder).next("saved", NOW.minus(Duration.ofDays(9)));
        SnapshotFile.Source source = out -> StoreSnapshot.take(data.resolve("store"), out);
        var ignored = SnapshotFile.write(asked, data, source, "v1", NOW.minus(Duration.ofDays(9)));
        var plan = new SnapshotSchedule.Plan(folder, Duration.ofHours(6), 2);
        for (int hour : new int[] {0, 5, 6, 7, 12, 18})
            new SnapshotSchedule(plan, data, source, "v1", InstantSource.fixed(NOW.plus(Duration.ofHours(hour))))
                    .look();
        assertThat(new SnapshotFolder(folder).list().snapshots())
                .extracting(each -> each.path().getFileName().toString())
                .containsExactly(
                        "scheduled--20260102T210405Z.snapshot",
                        "scheduled--20260102T150405Z.snapshot",
                        "saved-20251224T030405Z.snapshot");
    }
}
