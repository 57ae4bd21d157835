package io.navarch.kinds.cronjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *           | 2026-01-01T00:00:30Z | 2026-01-01T00:01:00Z",
                "*/15 * * * *        | 2026-01-01T00:01:00Z | 2026-01-01T00:15:00Z",
                "5/20 * * * *        | 2026-01-01T00:06:00Z | 2026-01-01T00:25:00Z",
                "0 3 * * *           | 2026-01-01T03:00:00Z | 2026-01-02T03:00:00Z",
                "30 4 1,15 * *       | 2026-01-02T00:00:00Z | 2026-01-15T04:30:00Z",
                "0 0 29 feb *        | 2026-01-01T00:00:00Z | 2028-02-29T00:00:00Z",
                "0 12 * * mon-fri    | 2026-01-02T13:00:00Z | 2026-01-05T12:00:00Z",
                "0 0 13 * fri        | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z",
                "@hourly             | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z",
                "@weekly             | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "@every 1h30m        | 2026-01-01T00:00:00Z | 2026-01-01T01:30:00Z",
                "TZ=Asia/Tokyo 0 9 * * * | 2026-01-01T00:30:00Z | 2026-01-02T00:00:00Z",
            })
    void next(String schedule, String from, String expected) {
        assertThat(CronSchedule.of(schedule, ZoneOffset.UTC).next(Instant.parse(from)))
                .contains(Instant.parse(expected));
    }

    @Test
    void hoursAreThoseOfTheZone() {
        var berlin = CronSchedule.of("30 2 * * *", ZoneId.of("Europe/Berlin"));
        assertThat(berlin.next(Instant.parse("2026-06-01T12:00:00Z"))).contains(Instant.parse("2026-06-02T00:30:00Z"));
        // There is no half past two on the day when clocks are put forward.
        assertThat(berlin.next(Instant.parse("2026-03-28T12:00:00Z"))).contains(Instant.parse("2026-03-30T00:30:00Z"));
    }

    @Test
    void whatNeverComesIsNothing() {
        assertThat(CronSchedule.of("0 0 30 2 *", ZoneOffset.UTC).next(Instant.parse("2026-01-01T00:00:00Z")))
                .isEmpty();
        assertThatThrownBy(() -> CronSchedule.of("61 * * * *", ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
