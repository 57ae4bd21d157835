package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "0s, 0s",
        "30s, 30s",
        "90s, 1m30s",
        "1h, 1h0m0s",
        "-1h30m, -1h30m0s",
        "1.5s, 1.5s",
        ".5m, 30s",
        "20ms, 20ms",
        "1500us, 1.5ms",
        "3ns, 3ns",
        "+1m, 1m0s",
        "1h1ms, 1h0m0.001s",
        "1h0.123456789s, 1h0m0.123456789s",
        "0.3333333333333333333h, 20m0s",
        "1.0000000000000000000000000001s, 1s",
        "2562047h47m16.854775807s, 2562047h47m16.854775807s",
    })
    void isReadAndWrittenAsGoDoes(String text, String written) {
        assertThat(GoDuration.text(GoDuration.parse(text))).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "'', invalid duration",
        "x, invalid duration",
        "s, invalid duration",
        ".s, invalid duration",
        "1 s, invalid duration",
        "1s1, invalid duration",
        "1, missing unit in duration",
        "-1.5, missing unit in duration",
        "1y, unknown unit",
        "9999999999h, invalid duration",
        "2562047h47m16.854775808s, invalid duration",
        "99999999999999999999s, invalid duration",
    })
    void whatIsNoneIsRefused(String text, String message) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("time: " + message);
    }
}
