package io.navarch.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apiserver.Samples;
import io.navarch.apiserver.cache.ObjectCache;
import io.navarch.objects.Json;
import io.navarch.objects.Quantity;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.admission.Admission;
import io.navarch.store.Store;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {
    /// What an object says of itself; counts how often it is asked.
    private record Sizes(AtomicInteger asked) implements Admission.Amounts {
        @Override
        public Map<String, Quantity> of(View object) {
            asked.incrementAndGet();
            int size = object.spec().get("size").intOr(0);
            return size == 0
                    ? Map.of()
                    : Map.of("size", Quantity.parse(String.valueOf(size)), "count", Quantity.parse("1"));
        }
    }

    private final ObjectCache cache = new ObjectCache(Samples.things());
    private final Sizes sizes = new Sizes(new AtomicInteger());
    private final Tallies tallies = new Tallies();
    private long revision = 1;

    private void put(String namespace, String name, int size) {
        var object =
                Trees.map("metadata", Trees.map("name", name, "namespace", namespace), "spec", Trees.map("size", size));
        cache.apply(event(namespace, name, Json.write(object)));
    }

    private Store.Event event(String namespace, String name, byte[] value) {
        return new Store.Event(++revision, cache.kind().storagePrefix() + namespace + "/" + name, value, 0);
    }

    private Map<String, Quantity> sums(String namespace) {
        return tallies.of(cache, namespace, sizes);
    }

    private Map<String, Quantity> counted(String namespace) {
        var sums = new TreeMap<String, Quantity>();
        for (var object : cache.all())
            if (object.namespace().equals(namespace))
                sizes.of(object.read()).forEach((name, amount) -> sums.merge(name, amount, Quantity::plus));
        return sums;
    }

    private int askedForOneMore(int objects) {
        for (int i = 0; i < objects; i++) put("a", "o" + i, 1 + i % 3);
        sums("a");
        int before = sizes.asked.get();
        put("a", "more", 5);
        put("b", "elsewhere", 5);
        sums("a");
        return sizes.asked.get() - before;
    }

    @Test
    void anObjectThatComesCostsTheSameAmongAnyNumber() {
        assertThat(askedForOneMore(10)).isEqualTo(1);
        assertThat(askedForOneMore(10_000)).isEqualTo(1);
        assertThat(tallies.of(cache, "a", sizes, "none")).isEqualTo(Quantity.ZERO);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sumsAreThoseOfTheObjectsThatThereAre(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            var namespace = random.nextBoolean() ? "a" : "ab";
            var name = "o" + random.nextInt(20);
            if (random.nextInt(4) == 0) cache.apply(event(namespace, name, null));
            else put(namespace, name, random.nextInt(4));
            // One that is asked for seldom has to begin anew.
            if (random.nextInt(20) > 0 && (i % 1000 != 999)) continue;
            for (var asked : new String[] {"a", "ab"}) {
                var sums = new TreeMap<>(sums(asked));
                sums.values().removeIf(amount -> amount.compareTo(Quantity.ZERO) == 0);
                assertThat(sums).as("seed %d, step %d", seed, i).isEqualTo(counted(asked));
                sums.forEach((one, sum) ->
                        assertThat(tallies.of(cache, asked, sizes, one)).isEqualTo(sum));
            }
        }
    }
}
