package io.navarch.apiserver.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
    private final VerifiedTokens tokens = new VerifiedTokens();

    private void put(int number, int length) {
        tokens.put("d" + number, length, Map.of("sub", number));
    }

    @Test
    void thoseThatWereShownLeastRecentlyGoFirst() {
        for (int i = 0; i < VerifiedTokens.MOST; i++) put(i, 1);
        assertThat(tokens.of("d0")).contains(Map.of("sub", 0));
        put(VerifiedTokens.MOST, 1);
        assertThat(tokens.size()).isEqualTo(VerifiedTokens.MOST);
        assertThat(tokens.of("d0")).isPresent();
        assertThat(tokens.of("d1")).isEmpty();
    }

    @Test
    void longTokensAreFew() {
        for (int i = 0; i < 2000; i++) put(i, VerifiedTokens.LONGEST);
        assertThat(tokens.size()).isEqualTo(VerifiedTokens.TOGETHER / VerifiedTokens.LONGEST);
        put(5000, VerifiedTokens.LONGEST + 1);
        assertThat(tokens.of("d5000")).isEmpty();
    }

    /// One that comes by two threads at once counts once.
    @Test
    void theSameTokenCountsOnce() {
        for (int i = 0; i < 10_000; i++) put(1, VerifiedTokens.LONGEST);
        assertThat(tokens.size()).isEqualTo(1);
        put(2, 1);
        assertThat(tokens.size()).isEqualTo(2);
    }
}
