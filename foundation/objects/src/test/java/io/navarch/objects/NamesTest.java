package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "a-b.c-d.0", "0"})
    void subdomainsAreLabelsWithDots(String name) {
        assertThat(Names.dnsSubdomain(name)).isEmpty();
        assertThat(Names.searchPath("_" + name)).isEmpty();
        assertThat(Names.wildcardSubdomain("*." + name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "A", "a_b", "a\n", "*.a"})
    void nothingElseIs(String name) {
        assertThat(Names.dnsSubdomain(name)).hasSize(1);
    }

    /// A pattern for all labels would need stack for each.
    @Test
    void thereMayBeAnyNumberOfLabels() {
        var dotted = "a.".repeat(500_000) + "a";
        assertThat(Names.dnsSubdomain(dotted)).containsExactly("must be no more than 253 characters");
        assertThat(Names.dnsLabel(dotted))
                .containsExactly("must be no more than 63 characters", "must not contain dots");
        assertThat(Names.searchPath(dotted)).hasSize(1);
        assertThat(Names.wildcardSubdomain("*." + dotted)).hasSize(1);
        assertThat(Names.qualifiedName(dotted + "/x")).hasSize(1);
    }

    @Test
    void slashesAtTheEndGo() {
        assertThat(Names.withoutSlashes("/a//b///")).isEqualTo("/a//b");
        assertThat(Names.withoutSlashes("///")).isEmpty();
    }
}
