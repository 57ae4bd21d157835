package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
    @Test
    void wholeSecondsFractionsAndZones() {
        var noon = Instant.parse("2026-02-28T12:00:00Z");
        assertThat(Timestamps.parse("2026-02-28T12:00:00Z")).contains(noon);
        assertThat(Timestamps.parse("2026-02-28T12:00:00.5Z")).contains(noon.plusMillis(500));
        assertThat(Timestamps.parse("2026-02-28T13:00:00+01:00")).contains(noon);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-28T12:00:00Z, 2026-02-28T12:00:00.000000Z",
        "1969-12-31T23:59:59.000001999Z, 1969-12-31T23:59:59.000001Z",
        "0007-01-02T03:04:05.6Z, 0007-01-02T03:04:05.600000Z",
        "+12345-01-01T00:00:00Z, +12345-01-01T00:00:00.000000Z"
    })
    void microsecondsHaveSixDigits(String time, String text) {
        assertThat(Timestamps.micros(Instant.parse(time))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "2026-02-28",
                "2026-02-30T12:00:00Z",
                "2026-13-01T12:00:00Z",
                "2026-02-28T24:00:00Z",
                "2026-02-28T12:60:00Z",
                "2026-02-28T12:00:0xZ"
            })
    void whatIsNoTimeIsNone(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }
}
