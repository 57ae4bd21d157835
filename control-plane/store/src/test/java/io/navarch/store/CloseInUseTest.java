package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/// What is native is freed only when nobody uses it. A mistake here ends the whole process of the tests.
class CloseInUseTest {
    @TempDir
    Path directory;

    private interface Use {
        void run(int number) throws Exception;
    }

    @RepeatedTest(6)
    void everybodyIsTurnedAwayInOrder() throws Exception {
        var store = new EmbeddedStore(directory.resolve("db"), InstantSource.system());
        for (int i = 0; i < 400; i++) store.put("/k/" + i % 50, new byte[300], Store.ANY, Duration.ZERO);
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        var unexpected = new ConcurrentLinkedQueue<Throwable>();
        var running = new CountDownLatch(9);
        var threads = new ArrayList<Thread>();
        Map<String, Use> uses = Map.of(
                "write-a",
                        number -> acknowledged.put(
                                "/a/" + number % 20,
                                store.put("/a/" + number % 20, new byte[200], Store.ANY, Duration.ofHours(1))
                                        .revision()),
                "write-b",
                        number -> acknowledged.put(
                                "/b/" + number,
                                store.put("/b/" + number, new byte[200], Store.ABSENT, Duration.ZERO)
                                        .revision()),
                "get", number -> store.get("/k/" + number % 50),
                "range", number -> store.range("/", "0", 0, 0),
                "count", number -> store.count("/", "0", 0),
                "watch",
                        number -> {
                            try (var cursor = store.watch("/", store.compacted() + 1)) {
                                cursor.poll(Duration.ZERO);
                            }
                        },
                "compact", number -> store.compact(store.revision()),
                "rewrite", number -> store.rewriteFiles(),
                "expire", number -> store.expire());
        uses.forEach((name, use) -> threads.add(Thread.ofPlatform().name(name).start(() -> {
            for (int number = 0; ; number++) {
                try {
                    use.run(number);
                } catch (StoreClosedException e) {
                    return;
                } catch (Store.CompactedException e) {
                    // Somebody else was faster.
                } catch (IllegalStateException e) {
                    // A merge of files that closing has ended.
                    if (!name.equals("rewrite")) unexpected.add(e);
                } catch (Throwable e) {
                    unexpected.add(e);
                    return;
                } finally {
                    if (number == 0) running.countDown();
                }
            }
        })));
        running.await();
        store.close();
        for (var thread : threads) thread.join();
        store.close();
        assertThat(unexpected).isEmpty();
        try (var reopened = new EmbeddedStore(directory.resolve("db"), InstantSource.system())) {
            acknowledged.forEach((key, revision) -> assertThat(
                            reopened.get(key).orElseThrow().modRevision())
                    .as(key)
                    .isGreaterThanOrEqualTo(revision));
        }
    }
}
