package io.navarch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [Store] promises.
abstract class StoreContract {
    abstract Store store();

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Store.KeyValue entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    @Test
    void createsOnlyWhatIsAbsent() {
        var first = store().put("/a", bytes("1"), Store.ABSENT, Duration.ZERO);
        var second = store().put("/a", bytes("2"), Store.ABSENT, Duration.ZERO);
        assertThat(first.written()).isTrue();
        assertThat(second.written()).isFalse();
        var now = store().get("/a").orElseThrow();
        assertThat(text(now)).isEqualTo("1");
        assertThat(now.modRevision()).isEqualTo(first.revision());
    }

    @Test
    void updatesOnlyTheRevisionExpected() {
        long created =
                store().put("/a", bytes("1"), Store.ABSENT, Duration.ZERO).revision();
        long updated = store().put("/a", bytes("2"), created, Duration.ZERO).revision();
        assertThat(updated).isGreaterThan(created);
        assertThat(store().put("/a", bytes("3"), created, Duration.ZERO).written())
                .isFalse();
        var now = store().get("/a").orElseThrow();
        assertThat(text(now)).isEqualTo("2");
        assertThat(now.createRevision()).isEqualTo(created);
        assertThat(now.version()).isEqualTo(2);
    }

    @Test
    void deletesAndForgets() {
        long created =
                store().put("/a", bytes("1"), Store.ABSENT, Duration.ZERO).revision();
        assertThat(store().delete("/a", created + 100).written()).isFalse();
        assertThat(store().delete("/a", created).written()).isTrue();
        assertThat(store().get("/a")).isEmpty();
        assertThat(store().delete("/a", Store.ANY).written()).isFalse();
        assertThat(store().put("/a", bytes("2"), Store.ABSENT, Duration.ZERO).written())
                .isTrue();
    }

    @Test
    void readsTheRangeAsItWas() {
        store().put("/x/a", bytes("1"), Store.ABSENT, Duration.ZERO);
        long then = store().put("/x/b", bytes("1"), Store.ABSENT, Duration.ZERO).revision();
        store().put("/x/a", bytes("2"), Store.ANY, Duration.ZERO);
        store().delete("/x/b", Store.ANY);
        store().put("/x/c", bytes("1"), Store.ABSENT, Duration.ZERO);
        store().put("/xx", bytes("other"), Store.ABSENT, Duration.ZERO);
        assertThat(store().range("/x/", Store.prefixEnd("/x/"), then, 0).entries())
                .extracting(entry -> entry.key() + "=" + text(entry))
                .containsExactly("/x/a=1", "/x/b=1");
        assertThat(store().range("/x/", Store.prefixEnd("/x/"), 0, 0).entries())
                .extracting(entry -> entry.key() + "=" + text(entry))
                .containsExactly("/x/a=2", "/x/c=1");
        assertThat(store().count("/x/", Store.prefixEnd("/x/"), then))
                .isEqualTo(store().range("/x/", Store.prefixEnd("/x/"), then, 0)
                        .entries()
                        .size());
        assertThat(store().count("/x/", Store.prefixEnd("/x/"), 0))
                .isEqualTo(store().range("/x/", Store.prefixEnd("/x/"), 0, 0)
                        .entries()
                        .size());
        var page = store().range("/x/", Store.prefixEnd("/x/"), 0, 1);
        assertThat(page.more()).isTrue();
        assertThat(page.entries()).hasSize(1);
        var rest = store().range(page.entries().getFirst().key() + "\0", Store.prefixEnd("/x/"), 0, 0);
        assertThat(rest.entries()).extracting(Store.KeyValue::key).containsExactly("/x/c");
    }

    @Test
    void replaysTheLogFromAnyRevision() throws Exception {
        long first =
                store().put("/w/a", bytes("1"), Store.ABSENT, Duration.ZERO).revision();
        store().put("/other", bytes("1"), Store.ABSENT, Duration.ZERO);
        store().put("/w/a", bytes("2"), first, Duration.ZERO);
        store().delete("/w/a", Store.ANY);
        try (var cursor = store().watch("/w/", first)) {
            var events = take(cursor, 3);
            assertThat(events).extracting(Store.Event::deletion).containsExactly(false, false, true);
            assertThat(events).extracting(Store.Event::revision).isSorted();
            store().put("/w/b", bytes("3"), Store.ABSENT, Duration.ZERO);
            var last = take(cursor, 1).getFirst();
            assertThat(last.key()).isEqualTo("/w/b");
            assertThat(cursor.reached()).isEqualTo(last.revision());
        }
    }

    static List<Store.Event> take(Store.Cursor cursor, int count) throws InterruptedException {
        var events = new ArrayList<Store.Event>();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (events.size() < count && System.nanoTime() < deadline) events.addAll(cursor.poll(Duration.ofSeconds(1)));
        return events;
    }

    @Test
    void compactionKeepsWhatIsCurrent() {
        long old = store().put("/c/a", bytes("1"), Store.ABSENT, Duration.ZERO).revision();
        store().put("/c/a", bytes("2"), Store.ANY, Duration.ZERO);
        store().put("/c/gone", bytes("1"), Store.ABSENT, Duration.ZERO);
        store().delete("/c/gone", Store.ANY);
        long last = store().put("/c/b", bytes("1"), Store.ABSENT, Duration.ZERO).revision();
        store().compact(last);
        assertThat(store().range("/c/", Store.prefixEnd("/c/"), 0, 0).entries())
                .extracting(entry -> entry.key() + "=" + text(entry))
                .containsExactly("/c/a=2", "/c/b=1");
        assertThatThrownBy(() -> store().range("/c/", Store.prefixEnd("/c/"), old, 0))
                .isInstanceOf(Store.CompactedException.class);
        assertThatThrownBy(() -> take(store().watch("/c/", old), 1)).isInstanceOf(Store.CompactedException.class);
    }

    @Test
    void oneOfManyRacingWritersWins() throws Exception {
        long base =
                store().put("/race", bytes("0"), Store.ABSENT, Duration.ZERO).revision();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<Future<Store.Outcome>>();
            for (int i = 0; i < 50; i++) {
                var value = bytes("" + i);
                results.add(threads.submit(() -> store().put("/race", value, base, Duration.ZERO)));
            }
            int wins = 0;
            for (var result : results) if (result.get().written()) wins++;
            assertThat(wins).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void behavesLikeASortedMapUnderARandomHistory(long seed) {
        var random = new Random(seed);
        var model = new TreeMap<String, String>();
        Map<Long, Map<String, String>> snapshots = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            var key = "/m" + seed + "/" + random.nextInt(20);
            if (random.nextInt(4) == 0) {
                assertThat(store().delete(key, Store.ANY).written()).isEqualTo(model.remove(key) != null);
            } else {
                var value = "v" + i;
                store().put(key, bytes(value), Store.ANY, Duration.ZERO);
                model.put(key, value);
            }
            if (random.nextInt(10) == 0) snapshots.put(store().revision(), new TreeMap<>(model));
        }
        snapshots.put(store().revision(), model);
        snapshots.forEach((revision, expected) -> {
            var actual = new TreeMap<String, String>();
            var prefix = "/m" + seed + "/";
            for (var entry :
                    store().range(prefix, Store.prefixEnd(prefix), revision, 0).entries()) {
                actual.put(entry.key(), text(entry));
            }
            assertThat(actual).as("seed %d at revision %d", seed, revision).isEqualTo(expected);
        });
    }
}
