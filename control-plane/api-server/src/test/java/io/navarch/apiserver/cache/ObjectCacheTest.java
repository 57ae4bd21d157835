package io.navarch.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.objects.FieldSelector;
import io.navarch.objects.Json;
import io.navarch.objects.LabelSelectorParser;
import io.navarch.objects.ResourceType;
import io.navarch.objects.Trees;
import io.navarch.schema.KindBuilder;
import io.navarch.schema.KindDefinition;
import io.navarch.schema.types.Schema;
import io.navarch.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who follows changes sees exactly those that concern it, in order, however it reads; and nobody else is woken.
class ObjectCacheTest {
    private static final KindDefinition KIND = KindBuilder.of(ResourceType.untyped("", "v1", "things", "Thing", true))
            .version(Schema.object(Map.of()))
            .fieldAt("spec.node")
            .build();
    private static final String PREFIX = KIND.storagePrefix();

    private final ObjectCache cache = new ObjectCache(KIND);
    private long revision = 1;

    private ObjectCacheTest() {
        cache.load(List.of(new Store.Range(1, List.of(), false)));
    }

    private void put(String namespace, String name, String label, String node) {
        var object = Trees.map(
                "metadata",
                Trees.map("name", name, "namespace", namespace, "labels", Trees.map("l", label)),
                "spec",
                Trees.map("node", node));
        cache.apply(new Store.Event(++revision, PREFIX + namespace + "/" + name, Json.write(object), 0));
    }

    private void delete(String namespace, String name) {
        cache.apply(new Store.Event(++revision, PREFIX + namespace + "/" + name, null, 0));
    }

    private static Selection selection(String namespace, String labels, String fields) {
        return new Selection(
                namespace.isEmpty() ? PREFIX : PREFIX + namespace + "/",
                namespace,
                LabelSelectorParser.parse(labels),
                FieldSelector.parse(fields));
    }

    private static String shown(Change change, Selection selection) {
        boolean before = change.previous() != null && selection.matches(change.previous());
        boolean after = change.object() != null && selection.matches(change.object());
        return before || after ? (before ? "-" : "") + (after ? "+" : "") + change.revision() : null;
    }

    private static void read(Cursor cursor, Selection selection, List<String> into) throws InterruptedException {
        for (var batch = cursor.poll(1); !batch.changes().isEmpty(); batch = cursor.poll(1))
            for (var change : batch.changes()) {
                var text = shown(change, selection);
                if (text != null) into.add(text);
            }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everybodySeesWhatConcernsThem(long seed) throws InterruptedException {
        var random = new Random(seed);
        var selections = List.of(
                selection("", "", ""),
                selection("a", "", ""),
                selection("b", "l=x", ""),
                selection("", "l=y", ""),
                selection("", "", "spec.node=n1"),
                selection("a", "l=x", "spec.node=n0"),
                selection("b", "", "metadata.name=o3"),
                selection("", "", "spec.node!=n1"));
        var cursors =
                selections.stream().map(selection -> cache.cursor(1, selection)).toList();
        var all = cache.cursor(1);
        var everything = new ArrayList<Change>();
        var seen = selections.stream().map(selection -> new ArrayList<String>()).toList();
        for (int i = 0; i < 3000; i++) {
            var namespace = random.nextBoolean() ? "a" : "b";
            var name = "o" + random.nextInt(5);
            if (random.nextInt(4) == 0) delete(namespace, name);
            else put(namespace, name, random.nextBoolean() ? "x" : "y", "n" + random.nextInt(3));
            int reader = random.nextInt(selections.size() * 3);
            if (reader < selections.size()) read(cursors.get(reader), selections.get(reader), seen.get(reader));
            if (i % 100 == 0)
                for (var batch = all.poll(1); !batch.changes().isEmpty(); batch = all.poll(1))
                    everything.addAll(batch.changes());
        }
        for (var batch = all.poll(1); !batch.changes().isEmpty(); batch = all.poll(1))
            everything.addAll(batch.changes());
        for (int i = 0; i < selections.size(); i++) {
            var selection = selections.get(i);
            read(cursors.get(i), selection, seen.get(i));
            assertThat(seen.get(i))
                    .as("seed %d, %s", seed, selection)
                    .isEqualTo(everything.stream()
                            .map(change -> shown(change, selection))
                            .filter(text -> text != null)
                            .toList());
        }
    }

    @Test
    void whatConcernsNobodyMakesNobodyLate() throws InterruptedException {
        var mine = selection("a", "", "");
        var idle = cache.cursor(1, mine);
        var busy = cache.cursor(1, selection("b", "", ""));
        for (int i = 0; i < 5000; i++) put("b", "o", "x", "n");
        assertThat(idle.poll(1).changes()).isEmpty();
        assertThatThrownBy(() -> busy.poll(1)).isInstanceOf(ExpiredException.class);
        put("a", "o", "x", "n");
        var seen = new ArrayList<String>();
        read(idle, mine, seen);
        assertThat(seen).containsExactly("+" + revision);
    }

    @Test
    void whoWaitsIsWokenByItsOwnChangesOnly() throws Exception {
        var cursor = cache.cursor(1, selection("a", "l=x", ""));
        var waiting = Thread.ofVirtual().unstarted(() -> {
            try {
                cursor.poll(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
        for (int i = 0; i < 100; i++) put("b", "o", "x", "n");
        put("a", "o", "y", "n");
        assertThat(waiting.getState()).isEqualTo(Thread.State.TIMED_WAITING);
        put("a", "o", "x", "n");
        waiting.join(10_000);
        assertThat(waiting.isAlive()).isFalse();
        cursor.close();
        put("a", "o", "x", "n");
        assertThat(cache.followers()).isZero();
    }

    private static Store.KeyValue entry(String name, String json) {
        return new Store.KeyValue(PREFIX + "ns/" + name, json.getBytes(StandardCharsets.UTF_8), 3, 3, 1);
    }

    @Test
    void whatIsLoadedIsReadWhenItIsAskedFor() {
        var whole =
                "{\"metadata\":{\"name\":\"a\",\"namespace\":\"ns\",\"labels\":{\"l\":\"x\"}},\"spec\":{\"node\":\"n\"}}";
        var broken = "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"node\":}}";
        var loaded = new ObjectCache(KIND);
        loaded.load(List.of(
                new Store.Range(9, List.of(entry("a", whole), entry("b", broken)), true),
                new Store.Range(9, List.of(entry("c", "nothing"), entry("d", "{}"), entry("e", whole)), false)));
        assertThat(loaded.revision()).isEqualTo(9);
        var a = loaded.get(PREFIX + "ns/a").orElseThrow();
        assertThat(a.readable()).isFalse();
        assertThat(a.name()).isEqualTo("a");
        assertThat(a.namespace()).isEqualTo("ns");
        assertThat(a.labels()).containsExactly(Map.entry("l", "x"));
        assertThat(a.field("spec.node")).isEqualTo("n");
        assertThat(a.readable()).isTrue();
        // What is no object at all never comes in; what proves to be broken goes when somebody looks.
        assertThat(loaded.get(PREFIX + "ns/c")).isEmpty();
        assertThat(loaded.get(PREFIX + "ns/d")).isEmpty();
        assertThat(loaded.readable(loaded.get(PREFIX + "ns/b").orElseThrow())).isFalse();
        assertThat(loaded.get(PREFIX + "ns/b")).isEmpty();
        assertThat(loaded.readable(loaded.get(PREFIX + "ns/e").orElseThrow())).isTrue();
    }

    /// Whoever reads the log for all kinds must survive whatever the definition of one of them says.
    @Test
    void aFieldThatCannotBeReadIsEmptyAndTheObjectStays() {
        var kind = KindBuilder.of(ResourceType.untyped("", "v1", "things", "Thing", true))
                .version(Schema.object(Map.of()))
                .field("spec.bad", object -> {
                    throw new NumberFormatException("99999999999");
                })
                .build();
        for (var each : List.of(kind, KIND)) {
            var bad = new ObjectCache(each);
            bad.load(List.of(new Store.Range(1, List.of(), false)));
            var object = Trees.map("metadata", Trees.map("name", "a", "namespace", "ns"));
            bad.apply(new Store.Event(2, PREFIX + "ns/a", Json.write(object), 0));
            assertThat(bad.get(PREFIX + "ns/a"))
                    .hasValueSatisfying(
                            stored -> assertThat(stored.field("spec.bad")).isEmpty());
        }
    }
}
