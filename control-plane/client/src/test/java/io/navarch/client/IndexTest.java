package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.ObjectKey;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexTest {
    private static View object(String name, String entry) {
        return View.of(
                Trees.map("metadata", Trees.map("name", name, "namespace", "ns"), "spec", Trees.map("entry", entry)));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey("ns", name);
    }

    @Test
    void theFirstAndTheLastOfAKindAreFoundWhateverElseThereIs() {
        var index = new Index(object -> List.of(object.spec().get("entry").string()));
        for (var entry : List.of("a 1", "b 2", "b 1", "b 3", "c 0")) index.change(View.ABSENT, object(entry, entry));
        assertThat(index.first("b ")).contains(key("b 1"));
        assertThat(index.last("b ")).contains(key("b 3"));
        assertThat(index.first("bb")).isEmpty();
        assertThat(index.last("d")).isEmpty();
        index.change(object("b 1", "b 1"), object("b 1", "b 9"));
        index.change(object("b 3", "b 3"), View.ABSENT);
        assertThat(index.first("b ")).contains(key("b 2"));
        assertThat(index.last("b ")).contains(key("b 1"));
        assertThat(index.count("b 9")).isEqualTo(1);
        assertThat(index.keys("b 3")).isEmpty();
    }
}
