package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.store.Store.KeyValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSnapshotTest {
    private static final long BUMP = 1000;

    @TempDir
    Path directory;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private EmbeddedStore open(String name) {
        return new EmbeddedStore(directory.resolve(name), InstantSource.system());
    }

    private static List<String> told(List<KeyValue> entries) {
        return entries.stream()
                .map(each -> each.key() + "=" + new String(each.value(), StandardCharsets.UTF_8) + "@"
                        + each.createRevision() + "/" + each.modRevision() + "/" + each.version())
                .toList();
    }

    private static List<String> all(Store store) {
        return told(store.range("/", "0", 0, 0).entries());
    }

    private static byte[] taken(EmbeddedStore store) throws IOException {
        var out = new ByteArrayOutputStream();
        var ignored = store.snapshot(out);
        return out.toByteArray();
    }

    @Test
    void whatIsRestoredIsAsItWasAndGoesOnBeyond() throws Exception {
        byte[] snapshot;
        List<String> before;
        long revision;
        try (var store = open("from")) {
            store.put("/a", bytes("1"), Store.ABSENT, Duration.ZERO);
            store.put("/a", bytes("2"), Store.ANY, Duration.ZERO);
            store.put("/gone", bytes("x"), Store.ABSENT, Duration.ZERO);
            store.delete("/gone", Store.ANY);
            store.put("/b", bytes(""), Store.ABSENT, Duration.ZERO);
            revision = store.revision();
            before = all(store);
            snapshot = taken(store);
            // Whatever comes after it is not in it.
            store.put("/late", bytes("x"), Store.ABSENT, Duration.ZERO);
        }
        var contents = StoreSnapshot.restore(new ByteArrayInputStream(snapshot), directory.resolve("to"), BUMP);
        assertThat(contents).isEqualTo(new StoreSnapshot.Contents(revision, 2));
        try (var store = open("to")) {
            assertThat(all(store)).isEqualTo(before);
            assertThat(store.revision()).isEqualTo(revision + BUMP);
            // Whoever has seen the lost write, or anything before, lists anew.
            for (long seen : new long[] {1, revision, revision + 1, revision + BUMP})
                assertThatThrownBy(() -> store.watch("/", seen)).isInstanceOf(Store.CompactedException.class);
            var next = store.put("/a", bytes("3"), revision - 3, Duration.ZERO);
            assertThat(next).isEqualTo(new Store.Outcome(true, revision + BUMP + 1));
            try (var cursor = store.watch("/", revision + BUMP + 1)) {
                assertThat(cursor.poll(Duration.ZERO)).hasSize(1);
            }
        }
        assertThat(StoreCheck.check(directory.resolve("to")).problems()).isEmpty();
    }

    @Test
    void aStoreThatIsDownGivesTheSame() throws Exception {
        byte[] online;
        try (var store = open("from")) {
            store.put("/a", bytes("1"), Store.ABSENT, Duration.ZERO);
            online = taken(store);
            assertThatThrownBy(() -> StoreSnapshot.take(directory.resolve("from"), OutputStream.nullOutputStream()))
                    .isInstanceOf(StoreRefusedException.class)
                    .hasMessageContaining("in use");
        }
        var out = new ByteArrayOutputStream();
        var ignored = StoreSnapshot.take(directory.resolve("from"), out);
        assertThat(out.toByteArray()).isEqualTo(online);
        assertThatThrownBy(() -> StoreSnapshot.take(directory.resolve("none"), OutputStream.nullOutputStream()))
                .isInstanceOf(StoreRefusedException.class);
    }

    @Test
    void whatIsWrittenMeanwhileIsInItWholeOrNotAtAll() throws Exception {
        try (var store = open("from")) {
            for (int i = 0; i < 2000; i++) store.put("/k" + i, new byte[1000], Store.ABSENT, Duration.ZERO);
            var done = new AtomicBoolean();
            // The pair is written one after the other, the second never without the first.
            var writer = Thread.ofVirtual().start(() -> {
                for (int i = 1; !done.get(); i++) {
                    store.put("/z-first", bytes("" + i), Store.ANY, Duration.ZERO);
                    store.put("/a-second", bytes("" + i), Store.ANY, Duration.ZERO);
                }
            });
            var snapshot = taken(store);
            done.set(true);
            writer.join();
            var contents = StoreSnapshot.restore(new ByteArrayInputStream(snapshot), directory.resolve("to"), BUMP);
            try (var restored = open("to")) {
                assertThat(restored.count("/", "0", 0)).isEqualTo(contents.keys());
                assertThat(number(restored, "/z-first") - number(restored, "/a-second"))
                        .isBetween(0, 1);
            }
        }
    }

    private static int number(Store store, String key) {
        return store.get(key)
                .map(each -> Integer.parseInt(new String(each.value(), StandardCharsets.UTF_8)))
                .orElse(0);
    }

    @Test
    void whatWasToExpireExpires() throws Exception {
        var now = Instant.ofEpochSecond(1_000_000);
        byte[] snapshot;
        try (var store = new EmbeddedStore(directory.resolve("from"), InstantSource.fixed(now))) {
            store.put("/e", bytes("1"), Store.ABSENT, Duration.ofSeconds(60));
            snapshot = taken(store);
        }
        var ignored = StoreSnapshot.restore(new ByteArrayInputStream(snapshot), directory.resolve("to"), BUMP);
        try (var store = new EmbeddedStore(directory.resolve("to"), InstantSource.fixed(now.plusSeconds(61)))) {
            store.expire();
            assertThat(store.get("/e")).isEmpty();
        }
    }

    @Test
    void aStreamIsCopiedOnlyWhole() throws Exception {
        byte[] snapshot;
        try (var store = open("from")) {
            store.put("/a", bytes("one"), Store.ABSENT, Duration.ZERO);
            store.put("/b", bytes("two"), Store.ABSENT, Duration.ofHours(1));
            snapshot = taken(store);
        }
        var out = new ByteArrayOutputStream();
        var contents = StoreSnapshot.copy(new ByteArrayInputStream(snapshot), out);
        assertThat(out.toByteArray()).isEqualTo(snapshot);
        assertThat(contents.keys()).isEqualTo(2);
        for (int length = 0; length < snapshot.length; length++) {
            var cut = new ByteArrayInputStream(snapshot, 0, length);
            assertThatThrownBy(() -> StoreSnapshot.copy(cut, OutputStream.nullOutputStream()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void nothingIsWrittenOverAStore() throws Exception {
        byte[] snapshot;
        try (var store = open("from")) {
            snapshot = taken(store);
        }
        assertThatThrownBy(() ->
                        StoreSnapshot.restore(new ByteArrayInputStream(snapshot), directory.resolve("from"), BUMP))
                .isInstanceOf(StoreRefusedException.class);
        assertThat(Files.exists(directory.resolve("from"))).isTrue();
    }

    @Test
    void aStoreThatIsClosedMeanwhileEndsTheSnapshot() throws Exception {
        var store = open("from");
        for (int i = 0; i < 300; i++) store.put("/k" + i, new byte[10_000], Store.ABSENT, Duration.ZERO);
        var closer = Thread.ofVirtual().unstarted(store::close);
        assertThatThrownBy(() -> store.snapshot(new OutputStream() {
                    @Override
                    public void write(int one) {
                        if (closer.getState() == Thread.State.NEW) closer.start();
                        // Whoever writes is told by the store that it closes: this is slower than that.
                        while (open(store)) Thread.onSpinWait();
                    }

                    @Override
                    public void write(byte[] many, int from, int length) {
                        write(0);
                    }
                }))
                .isInstanceOf(StoreClosedException.class);
        closer.join();
    }

    private static boolean open(Store store) {
        try (var cursor = store.watch("/", store.revision() + 1)) {
            return cursor.poll(Duration.ofMillis(1)).isEmpty();
        } catch (StoreClosedException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
