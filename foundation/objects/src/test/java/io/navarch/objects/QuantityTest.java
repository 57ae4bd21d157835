package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "1000m,1",
        "0.5,500m",
        "1.5Gi,1536Mi",
        "1024Ki,1Mi",
        "2e3,2e3",
        "100000,100k",
        "1Ki,1Ki",
        "0,0",
        "-1,-1",
        "1e400,10e399",
        "12e20,1200e18",
        "16Ei,9223372036854775807",
        "99E,99E"
    })
    void writesTheCanonicalForm(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical);
    }

    /// What is stored must be readable when it is read back.
    @Test
    void whatIsReadCanBeReadAgainInItsCanonicalForm() {
        var digits = "1".repeat(99);
        for (Object sent : List.of(
                1e300,
                1e17,
                -1e300,
                digits,
                digits + "E",
                digits + ".5".substring(1),
                "-." + digits,
                "1".repeat(98) + ".5E",
                "1e1000",
                digits + "e1000")) {
            var text = Quantity.find(sent).map(Quantity::toString);
            text.ifPresent(canonical -> assertThat(Quantity.parse(canonical)).hasToString(canonical));
        }
        assertThat(Quantity.parse(1e300)).hasToString("1e300");
        assertThat(Quantity.parse(1e7)).hasToString("10M");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "1Z", "1 Gi", "--1", "1e", "0x1"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void readsBackWhatItWrites(long seed) {
        var random = new Random(seed);
        var suffixes = new String[] {"", "m", "k", "M", "Ki", "Mi", "Gi", "u", "n"};
        for (int i = 0; i < 500; i++) {
            var text = random.nextInt(100_000) + suffixes[random.nextInt(suffixes.length)];
            var parsed = Quantity.parse(text);
            assertThat(Quantity.parse(parsed.toString()))
                    .as("seed %d: %s", seed, text)
                    .isEqualByComparingTo(parsed);
        }
    }

    /// Trying all the ways to cut so many digits in two would take hours.
    @Test
    @Timeout(60)
    void longTextsAreRefusedAtOnce() {
        for (var text : List.of("1".repeat(1_000_000) + "x", "1.".repeat(500_000), "1e" + "0".repeat(1_000_000)))
            assertThat(Quantity.find(text)).isEmpty();
    }
}
