package io.navarch.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.Fatal;
import io.navarch.process.TaskScope;
import io.navarch.store.EmbeddedStore;
import io.navarch.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
    private static final Fatal UNEXPECTED = (duty, why) -> {
        throw new AssertionError(duty, why);
    };

    @TempDir
    Path directory;

    @Test
    void muchHistoryIsForgottenBeforeItsTime() throws Exception {
        try (var store = new EmbeddedStore(directory.resolve("db"), InstantSource.system());
                var scope = new TaskScope()) {
            var storage = new Storage(store, UNEXPECTED, 1 << 20, Room.ofHeap(1 << 30));
            storage.start(scope);
            storage.compactEvery(scope, Duration.ofDays(1));
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (store.compacted() < 1000 && System.nanoTime() < until)
                store.put("/registry/things/a", new byte[10_000], Store.ANY, Duration.ZERO);
            assertThat(store.compacted()).isGreaterThanOrEqualTo(1000);
            // Half of what may be is kept, or nobody could go on from where they were.
            assertThat(store.revision() - store.compacted()).isGreaterThan(30);
        }
    }

    @Test
    void aReaderOfTheStoreThatEndsEndsTheProcess() throws Exception {
        var ended = new CompletableFuture<String>();
        try (var store = new EmbeddedStore(directory.resolve("db"), InstantSource.system());
                var scope = new TaskScope()) {
            var broken = new Broken(store);
            new Storage(
                            broken,
                            (duty, why) -> ended.complete(duty + ": " + why.getMessage()),
                            1 << 20,
                            Room.ofHeap(1 << 30))
                    .start(scope);
            assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("the watch caches' reader of the store: no memory");
        }
    }

    /// A store whose log cannot be read.
    private record Broken(Store store) implements Store {
        @Override
        public Cursor watch(String prefix, long fromRevision) {
            return new Cursor() {
                @Override
                public List<Event> poll(Duration wait) {
                    throw new OutOfMemoryError("no memory");
                }

                @Override
                public long reached() {
                    return fromRevision - 1;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public long revision() {
            return store.revision();
        }

        @Override
        public long compacted() {
            return store.compacted();
        }

        @Override
        public Optional<KeyValue> get(String key) {
            return store.get(key);
        }

        @Override
        public Range range(String start, String end, long revision, int limit) {
            return store.range(start, end, revision, limit);
        }

        @Override
        public long count(String start, String end, long revision) {
            return store.count(start, end, revision);
        }

        @Override
        public Outcome put(String key, byte[] value, long expected, Duration ttl) {
            return store.put(key, value, expected, ttl);
        }

        @Override
        public Outcome delete(String key, long expected) {
            return store.delete(key, expected);
        }

        @Override
        public void compact(long revision) {
            store.compact(revision);
        }

        @Override
        public void rewriteFiles() {
            store.rewriteFiles();
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
