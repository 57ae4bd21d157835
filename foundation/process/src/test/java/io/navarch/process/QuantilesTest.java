package io.navarch.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    private static final Percentage ABOUT = Percentage.withPercentage(3);

    private final Quantiles quantiles = new Quantiles();

    private static long hours(int number) {
        return Duration.ofHours(number).toNanos();
    }

    @Test
    void quantilesAreAboutThoseOfTheValues() {
        for (int i = 1; i <= 1000; i++) quantiles.add(i / 1000.0, i);
        var seen = quantiles.seen(1000);
        assertThat(seen.quantiles().get(0.5)).isCloseTo(0.5, ABOUT);
        assertThat(seen.quantiles().get(0.9)).isCloseTo(0.9, ABOUT);
        assertThat(seen.quantiles().get(0.99)).isCloseTo(0.99, ABOUT);
        assertThat(seen.sum()).isCloseTo(500.5, ABOUT);
        assertThat(seen.count()).isEqualTo(1000);
    }

    @Test
    void whatIsOldCountsInTheSumAlone() {
        quantiles.add(7, 0);
        quantiles.add(1, hours(4));
        assertThat(quantiles.seen(hours(4)).quantiles().get(0.99)).isCloseTo(7, ABOUT);
        assertThat(quantiles.seen(hours(6)).quantiles().get(0.99)).isCloseTo(1, ABOUT);
        var seen = quantiles.seen(hours(20));
        assertThat(seen.quantiles().values()).containsOnly(Double.NaN);
        assertThat(seen.count()).isEqualTo(2);
    }

    @Test
    void nothingIsTooSmallOrTooLarge() {
        for (double value : new double[] {0, -1, 1e-12, 1e12}) quantiles.add(value, 0);
        assertThat(quantiles.seen(0).quantiles().get(0.5)).isLessThan(1e-6);
        assertThat(quantiles.seen(0).quantiles().get(0.99)).isGreaterThan(3600);
    }
}
