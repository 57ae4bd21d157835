package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitterTest {
    @TempDir
    Path directory;

    private StoreFiles files;
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    @BeforeEach
    void open() {
        files = new StoreFiles(directory);
    }

    @AfterEach
    void close() {
        files.close();
    }

    /// Whoever waits is told, whoever comes later is told at once, and the process is asked to end.
    @Test
    void anErrorIsSaidAndNobodyWaitsForEver() throws Exception {
        var committer = new Committer(
                new RocksLog(files),
                1,
                Optional::empty,
                entries -> {
                    throw new OutOfMemoryError("no memory");
                },
                (duty, why) -> ended.complete(duty + ": " + why.getMessage()));
        committer.start();
        var told = new ConcurrentLinkedQueue<String>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 20; i++) {
            var key = "/k/" + i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    committer.submit(key, new byte[10], Store.ANY, 0);
                } catch (IllegalStateException e) {
                    told.add(String.valueOf(e.getMessage()));
                }
            }));
        }
        for (var thread : threads) thread.join();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("the committer of the store: no memory");
        assertThat(told).hasSize(20).allMatch(text -> text.startsWith("the store cannot write any more"));
        assertThatThrownBy(() -> committer.submit("/later", null, Store.ANY, 0)).hasMessageContaining("no memory");
        committer.close();
    }

    /// Damage that concerns one key fails the writes of this key alone.
    @Test
    void damageOfOneKeyIsNotTheOthers() {
        files.write(true, changes -> changes.put(Family.NEWEST, Rows.bytes("/bad"), new byte[3]));
        var published = new ArrayList<RocksLog.Entry>();
        var committer = new Committer(
                new RocksLog(files), 1, Optional::empty, published::addAll, (duty, why) -> ended.complete(duty));
        committer.start();
        assertThatThrownBy(() -> committer.submit("/bad", new byte[1], Store.ABSENT, 0))
                .isInstanceOf(StoreDamagedException.class);
        assertThat(committer.submit("/good", new byte[1], Store.ABSENT, 0).written())
                .isTrue();
        committer.close();
        assertThat(published).extracting(RocksLog.Entry::key).isEqualTo(List.of("/good"));
        assertThat(ended).isNotDone();
    }

    /// A compaction that cannot go on for a while says so, and goes on.
    @Test
    void theSweeperTriesAgainAndEndsBetweenSlices() throws Exception {
        var slices = new CountDownLatch(3);
        var sweeper = new Sweeper(
                0,
                0,
                (from, to, writes) -> {
                    slices.countDown();
                    return from + 1;
                },
                to -> {},
                (duty, why) -> ended.complete(duty));
        sweeper.start();
        sweeper.request(Long.MAX_VALUE);
        assertThat(slices.await(10, TimeUnit.SECONDS)).isTrue();
        sweeper.close();
        assertThatThrownBy(() -> sweeper.await(Long.MAX_VALUE)).isInstanceOf(StoreClosedException.class);
        assertThat(ended).isNotDone();
    }

    /// Unless it would fall behind, it takes a fortieth of a core.
    @Test
    void theSweeperRestsMoreWhenThereIsLessToDo() {
        long worked = 1_000_000;
        assertThat(Sweeper.pause(worked, 50_000)).isEqualTo(39 * worked);
        assertThat(Sweeper.pause(worked, 6_000_000)).isBetween(3 * worked, 6 * worked);
        assertThat(Sweeper.pause(worked, 100_000_000)).isEqualTo(3 * worked);
    }

    @Test
    void anErrorInTheCompactionEndsTheProcess() throws Exception {
        var sweeper = new Sweeper(
                0,
                1,
                (from, to, writes) -> {
                    throw new StackOverflowError("too deep");
                },
                to -> {},
                (duty, why) -> ended.complete(duty + ": " + why.getMessage()));
        sweeper.start();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("the compaction of the store: too deep");
        sweeper.close();
    }
}
