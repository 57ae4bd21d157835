package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.process.TaskScope;
import io.navarch.store.RocksLog.Entry;
import io.navarch.store.Rows.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.PerfLevel;

class RocksLogTest {
    private static final RocksLog.Bounds ALL = new RocksLog.Bounds(Long.MAX_VALUE, Long.MAX_VALUE);

    @TempDir
    Path directory;

    private StoreFiles files;
    private RocksLog log;
    private final Map<String, Head> heads = new HashMap<>();
    private long revision = 1;

    @BeforeEach
    void open() {
        files = new StoreFiles(directory.resolve("db"));
        log = new RocksLog(files);
    }

    @AfterEach
    void close() {
        files.close();
    }

    private Entry entry(String key, byte @Nullable [] value) {
        var before = heads.get(key);
        long next = ++revision;
        long created = before == null ? next : before.createRevision();
        var entry = new Entry(next, key, value, created, before == null ? 1 : before.version() + 1, before, 0);
        if (value == null) heads.remove(key);
        else heads.put(key, entry.head());
        return entry;
    }

    private void put(String key, String value) {
        log.write(List.of(), List.of(entry(key, StoreContract.bytes(value))));
    }

    private void delete(String key) {
        log.write(List.of(), List.of(entry(key, null)));
    }

    private static TreeMap<String, String> contents(RocksLog log, long revision) {
        var result = new TreeMap<String, String>();
        for (var entry : log.range("/", "0", revision, ALL)) result.put(entry.key(), StoreContract.text(entry));
        return result;
    }

    private static long rows(StoreFiles files, Family family) {
        long rows = 0;
        try (var walk = files.walk(family, null)) {
            for (boolean more = walk.seek(new byte[0]); more; more = walk.next()) rows++;
        }
        return rows;
    }

    /// The files as they are, which is what a killed process leaves.
    private Path killed(int number) throws IOException {
        var copy = directory.resolve("killed-" + number);
        Files.createDirectory(copy);
        try (var list = Files.list(directory.resolve("db"))) {
            for (var file : list.toList()) Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aCompactionCanEndAfterEachOfItsWrites(long seed) throws IOException {
        var random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            var key = "/k/" + random.nextInt(25);
            if (random.nextInt(4) == 0 && heads.containsKey(key)) delete(key);
            else put(key, "v" + i);
        }
        long upTo = 2L + random.nextInt(290);
        Map<Long, Map<String, String>> expected = new HashMap<>();
        for (long at = upTo; at <= revision; at += 13) expected.put(at, contents(log, at));
        log.forget(upTo);
        int crashes = 0;
        for (long swept = 0; swept < upTo; swept = log.sweep(swept, upTo, 16)) {
            var left = new StoreFiles(killed(crashes++));
            try {
                resumes(left, upTo, expected);
            } finally {
                left.close();
            }
        }
        assertThat(crashes).isGreaterThan(0);
        resumes(files, upTo, expected);
        for (var head : heads.entrySet())
            assertThat(log.head(head.getKey())).as(head.getKey()).contains(head.getValue());
    }

    private void resumes(StoreFiles left, long upTo, Map<Long, Map<String, String>> expected) {
        var log = new RocksLog(left);
        assertThat(log.compacted()).isEqualTo(upTo);
        assertThat(log.lastRevision()).isEqualTo(revision);
        expected.forEach((at, contents) -> assertThat(contents(log, at)).isEqualTo(contents));
        long swept = log.swept();
        while (swept < upTo) swept = log.sweep(swept, upTo, 7);
        expected.forEach((at, contents) -> assertThat(contents(log, at)).isEqualTo(contents));
        // What is kept is what was there then, and what was written since.
        assertThat(rows(left, Family.VERSIONS)).isEqualTo(contents(log, upTo).size() + revision - upTo);
        assertThat(rows(left, Family.LOG)).isEqualTo(revision - upTo);
        assertThat(rows(left, Family.NEWEST)).isEqualTo(heads.size());
    }

    @Test
    void onlyWhatIsLiveIsLeftOfALongPast() {
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 50; i++) put("/k/" + i, "v" + round);
            put("/once/" + round, "v");
            delete("/once/" + round);
        }
        long swept = 0;
        while (swept < revision) swept = log.sweep(swept, revision, 100);
        assertThat(rows(files, Family.VERSIONS)).isEqualTo(50);
        assertThat(rows(files, Family.LOG)).isZero();
        assertThat(rows(files, Family.NEWEST)).isEqualTo(50);
    }

    /// A write that failed may be in the write-ahead log; nothing of it may come back once something else was written.
    @Test
    void whatHasFailedIsTakenBack() {
        put("/a", "1");
        put("/b", "1");
        var before = new HashMap<>(heads);
        var failed = new ArrayList<Entry>();
        failed.add(entry("/a", StoreContract.bytes("2")));
        failed.add(entry("/b", null));
        failed.add(entry("/b", StoreContract.bytes("3")));
        failed.add(entry("/c", StoreContract.bytes("1")));
        log.write(List.of(), failed);
        heads.clear();
        heads.putAll(before);
        log.write(failed, List.of(entry("/d", StoreContract.bytes("1"))));
        assertThat(contents(log, revision)).isEqualTo(Map.of("/a", "1", "/b", "1", "/d", "1"));
        assertThat(log.head("/a")).contains(before.get("/a"));
        assertThat(log.head("/b")).contains(before.get("/b"));
        assertThat(log.head("/c")).isEmpty();
        assertThat(log.log(2, ALL)).extracting(Store.Event::key).containsExactly("/a", "/b", "/d");
        long swept = 0;
        while (swept < revision) swept = log.sweep(swept, revision, 100);
        assertThat(rows(files, Family.VERSIONS)).isEqualTo(3);
    }

    /// Steps are counted where they are made: in the files.
    @Test
    void theNewestVersionCostsTheSameWhateverThePast() {
        for (int i = 0; i < 30; i++) put("/k/" + i, "v");
        var database = files.counted(PerfLevel.ENABLE_COUNT);
        long fresh = steps(database);
        for (int round = 0; round < 3; round++) {
            var many = new ArrayList<Entry>();
            for (int i = 0; i < 20_000; i++) {
                many.add(entry("/k/" + i % 3, StoreContract.bytes("v" + i)));
                many.add(entry("/k/1/" + i, StoreContract.bytes("v")));
                many.add(entry("/k/1/" + i, null));
            }
            log.write(List.of(), many);
            for (long swept = log.swept(); swept < revision; ) swept = log.sweep(swept, revision, 5000);
        }
        assertThat(steps(database)).isLessThanOrEqualTo(fresh);
    }

    /// However often they are written out: what comes overlaps nothing that is there.
    @Test
    void rowsThatComeInOrderAreMergedIntoFewFiles() throws Exception {
        for (int i = 1; i <= 100; i++) {
            log.write(
                    List.of(),
                    List.of(new Entry(++revision, "/events/" + i, new byte[10], revision, 1, null, 1000 + i)));
            put("/a", "v");
            put("/z", "v");
            files.flush();
        }
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (tables() > 50 && System.nanoTime() < until) TaskScope.pause(50);
        assertThat(tables()).isLessThanOrEqualTo(50);
        assertThat(log.expired(2000, 1000)).hasSize(100);
        assertThat(log.log(2, ALL)).hasSize(300);
    }

    private long tables() throws IOException {
        try (var all = Files.list(directory.resolve("db"))) {
            return all.filter(file -> file.toString().endsWith(".sst")).count();
        }
    }

    private long steps(StoreFiles.Counted counted) {
        counted.reset();
        for (int i = 0; i < 30; i++) {
            assertThat(log.head("/k/" + i)).isPresent();
            assertThat(log.newest("/k/" + i)).isPresent();
        }
        assertThat(log.newest("/k/1/7")).isEmpty();
        return counted.skipped();
    }
}
