package io.navarch.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarningsTest {
    private final Warnings warnings = new Warnings();

    @Test
    void eachIsSentOnce() {
        for (int i = 0; i < 3; i++) warnings.add("again");
        warnings.add("");
        assertThat(warnings.sent()).containsExactly("again");
    }

    @Test
    void allTogetherAreLimited() {
        for (int i = 0; i < 1_000_000; i++) warnings.add("unknown field \"field" + i + "\"");
        assertThat(String.join("", warnings.sent())).hasSizeBetween(4096, 4096 + 256);
    }

    @Test
    void longOnesAreCutOnlyWhereAllAreTooLong() {
        warnings.add("a".repeat(4000));
        assertThat(warnings.sent()).containsExactly("a".repeat(4000));
        warnings.add("b".repeat(100));
        assertThat(warnings.sent()).containsExactly("a".repeat(256), "b".repeat(100));
    }
}
