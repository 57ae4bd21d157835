package io.navarch.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
