package io.navarch.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.navarch.apiserver.flow.SeatShares.Limits;
import io.navarch.apiserver.flow.SeatShares.Need;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeatSharesTest {
    private static LevelSettings level(int shares, int lendable, OptionalInt borrowing) {
        return new LevelSettings("l", "", false, shares, lendable, borrowing, 64, 6, 50);
    }

    /// The figures that the documentation gives for the suggested levels.
    @Test
    void limitsOfTheDefaults() {
        assertThat(Limits.of(level(30, 33, OptionalInt.empty()), 600, 245)).isEqualTo(new Limits(74, 50, 674));
        assertThat(Limits.of(level(100, 90, OptionalInt.empty()), 600, 245)).isEqualTo(new Limits(245, 24, 845));
        assertThat(Limits.of(level(20, 50, OptionalInt.of(100)), 600, 245)).isEqualTo(new Limits(49, 24, 98));
    }

    @Test
    void aLevelThatWantsMuchBorrowsFromThoseThatWantNothing() {
        var idle = new Need(false, new Limits(100, 10, 700), 0, 0);
        var busy = new Need(false, new Limits(100, 50, 700), 150, 150);
        var division = SeatShares.divide(List.of(idle, busy));
        assertThat(division.seats()).containsExactly(13, 188);
    }

    @Test
    void whatALevelNeverLendsStaysItsOwn() {
        var quiet = new Need(false, new Limits(100, 100, 100), 0, 0);
        var busy = new Need(false, new Limits(100, 0, 700), 500, 500);
        assertThat(SeatShares.divide(List.of(quiet, busy)).seats()).containsExactly(100, 100);
    }

    @Test
    void exemptLevelsTakeWhatTheyWant() {
        var exempt = new Need(true, new Limits(0, 0, 600), 40, 10);
        var limited = new Need(false, new Limits(100, 10, 700), 100, 100);
        assertThat(SeatShares.divide(List.of(exempt, limited)).seats()).containsExactly(40, 60);
    }

    @Test
    void seatsAreWithinLimitsAndAddUp() {
        var random = new Random(11);
        for (int i = 0; i < 5000; i++) {
            var needs = new ArrayList<Need>();
            int count = 1 + random.nextInt(8);
            for (int j = 0; j < count; j++) {
                int nominal = 1 + random.nextInt(100);
                int minimum = random.nextInt(nominal + 1);
                var limits = new Limits(nominal, minimum, nominal + 600);
                needs.add(new Need(false, limits, random.nextInt(300), random.nextInt(300)));
            }
            var seats = SeatShares.divide(needs).seats();
            int nominal =
                    needs.stream().mapToInt(need -> need.limits().nominal()).sum();
            assertThat(seats.stream().mapToInt(Integer::intValue).sum()).isCloseTo(nominal, within(count));
            for (int j = 0; j < count; j++) {
                var limits = needs.get(j).limits();
                assertThat(seats.get(j)).isBetween(limits.minimum(), limits.maximum());
            }
        }
    }
}
