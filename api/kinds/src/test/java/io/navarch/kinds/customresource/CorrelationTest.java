package io.navarch.kinds.customresource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.navarch.expressions.value.Budget;
import io.navarch.expressions.value.Values;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Elements of lists that are found by their keys.
class CorrelationTest {
    private static final View SCHEMA = View.of(Yaml.parse("{x-kubernetes-list-type: map, x-kubernetes-list-map-keys:"
            + " [a, b], items: {type: object, properties: {a: {type: string}, b: {type: string}}}}"));
    private static final int MANY = 1 << 15;

    /// Texts of which all have the same hash.
    private static List<Object> alike() {
        var elements = new ArrayList<Object>();
        for (int i = 0; i < MANY; i++) {
            var text = new StringBuilder();
            for (int bit = 0; bit < 15; bit++) text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            elements.add(Trees.map("a", text.toString(), "b", "x"));
        }
        return elements;
    }

    @Test
    void elementsAreFoundByAllTheirKeys() {
        var old = List.<Object>of(Trees.map("a", "1", "b", "23"), Trees.map("a", "12", "b", "3"));
        var correlation = new Correlation(List.of(), old, SCHEMA);
        assertThat(correlation.old(Trees.map("a", "12", "b", "3", "c", "new"))).isSameAs(old.get(1));
        assertThat(correlation.old(Trees.map("a", "123", "b", ""))).isNull();
        assertThat(new Correlation(old, old.reversed(), SCHEMA).equal()).isTrue();
    }

    /// With lists of texts as keys, each of these would be compared with each other.
    @Test
    void whoeverChoosesKeysCannotMakeThemSlow() {
        var elements = alike();
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            assertThat(new Correlation(elements, elements.reversed(), SCHEMA).equal())
                    .isTrue();
            var list = new SelfEntries(elements, Values::of, List.of("a", "b"));
            assertThat(list.alike(elements.reversed(), Budget.steps())).isTrue();
        });
    }
}
