package io.navarch.apiserver.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tree does what a `TreeMap` does, and what was taken from it before stays as it was.
class SortedTreeTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void agreesWithATreeMapAndNeverChanges(long seed) {
        var random = new Random(seed);
        var model = new TreeMap<String, Integer>();
        var tree = SortedTree.<Integer>empty();
        var keys = 1 + random.nextInt(5000);
        SortedTree<Integer> old = tree;
        List<Integer> oldValues = List.of();
        for (int i = 0; i < 20_000; i++) {
            var key = "k/" + random.nextInt(keys);
            // Whole phases of growth and of shrinking.
            if (random.nextInt(10) < (i / 4000 % 2 == 0 ? 8 : 2)) {
                tree = tree.put(key, i);
                model.put(key, i);
            } else {
                tree = tree.remove(key);
                model.remove(key);
            }
            if (i % 997 == 0) {
                assertThat(all(old)).isEqualTo(oldValues);
                old = tree;
                oldValues = new ArrayList<>(model.values());
                assertThat(all(tree)).isEqualTo(oldValues);
                var from = "k/" + random.nextInt(keys);
                var to = "k/" + random.nextInt(keys);
                assertThat(list(tree.range(from, to)))
                        .isEqualTo(
                                from.compareTo(to) > 0
                                        ? List.of()
                                        : new ArrayList<>(model.subMap(from, to).values()));
                assertThat(tree.rank(from)).isEqualTo(model.headMap(from).size());
                assertThat(tree.get(from)).isEqualTo(model.get(from));
                assertThat(tree.size()).isEqualTo(model.size());
            }
        }
    }

    private static List<Integer> all(SortedTree<Integer> tree) {
        return list(tree.range("", "\uffff"));
    }

    private static List<Integer> list(Iterable<Integer> values) {
        var result = new ArrayList<Integer>();
        values.forEach(result::add);
        return result;
    }
}
