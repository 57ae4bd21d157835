package io.navarch.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EndingsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final Endings endings = new Endings();

    private Instant nextAfter(Duration look) {
        endings.add("x");
        endings.held("x", NOW.minus(look), NOW);
        var at = NOW;
        while (endings.due(at).isEmpty()) at = at.plusMillis(100);
        return at;
    }

    @Test
    void whatIsNewIsLookedAtAtOnce() {
        endings.add("x");
        assertThat(endings.due(NOW)).containsExactly("x");
    }

    @Test
    void longLooksAreSeldom() {
        assertThat(nextAfter(Duration.ofMillis(1))).isEqualTo(NOW.plus(Endings.OFTEN));
        assertThat(nextAfter(Duration.ofMillis(100))).isEqualTo(NOW.plusSeconds(2));
        assertThat(nextAfter(Duration.ofSeconds(9))).isEqualTo(NOW.plus(Endings.SELDOM));
    }

    @Test
    void aChangeOfTheDefinitionDoesNotMakeItsTurnCome() {
        endings.add("x");
        endings.held("x", NOW.minusMillis(100), NOW);
        endings.add("x");
        assertThat(endings.due(NOW)).isEmpty();
    }

    @Test
    void whatIsGoneIsForgotten() {
        endings.add("x");
        endings.remove("x");
        endings.held("x", NOW, NOW);
        assertThat(endings.isEmpty()).isTrue();
    }
}
