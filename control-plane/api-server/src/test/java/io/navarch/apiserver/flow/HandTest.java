package io.navarch.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandTest {
    @Test
    void cardsAreDifferentAndTheSameForAFlow() {
        var random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            int deck = 1 + random.nextInt(130);
            int size = 1 + random.nextInt(Math.min(deck, 10));
            long flow = random.nextLong();
            var hand = Hand.deal(flow, deck, size);
            assertThat(Arrays.stream(hand).distinct().count()).isEqualTo(size);
            assertThat(Arrays.stream(hand)).allMatch(card -> card >= 0 && card < deck);
            assertThat(Hand.deal(flow, deck, size)).isEqualTo(hand);
        }
    }

    @Test
    void everyHandIsDealt() {
        // Four cards, hands of two: twelve hands, one for each rest of the number.
        var hands = new java.util.HashSet<String>();
        for (long flow = 0; flow < 12; flow++) hands.add(Arrays.toString(Hand.deal(flow, 4, 2)));
        assertThat(hands).hasSize(12);
    }

    @Test
    void flowsOfOneSchemaDiffer() {
        assertThat(Hand.flow("s", "alice")).isNotEqualTo(Hand.flow("s", "bob"));
        assertThat(Hand.flow("s", "alice")).isEqualTo(Hand.flow("s", "alice"));
        assertThat(Hand.flow("ab", "c")).isNotEqualTo(Hand.flow("a", "bc"));
    }
}
