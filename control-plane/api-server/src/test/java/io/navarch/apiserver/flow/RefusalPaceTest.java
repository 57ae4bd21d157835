package io.navarch.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class RefusalPaceTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;

    private final RefusalPace pace = new RefusalPace(0);

    @Test
    void theFirstOnesAreToldAtOnce() {
        for (int i = 0; i < 16; i++) assertThat(pace.hold(i)).isZero();
        assertThat(pace.hold(16)).isPositive();
    }

    @Test
    void whoeverIsRefusedNowAndThenIsToldAtOnce() {
        for (int i = 0; i < 1000; i++) {
            assertThat(pace.hold(10L * i * MILLI)).isZero();
            pace.told();
        }
    }

    @Test
    void furtherOnesAreToldOneAfterTheOther() {
        for (int i = 0; i < 16; i++) pace.hold(0);
        long before = pace.hold(0);
        for (int i = 0; i < 100; i++) {
            long next = pace.hold(0);
            assertThat(next - before).isEqualTo(2 * MILLI);
            before = next;
        }
    }

    /// Whoever is told asks again at once, with as many calls as he may have under way.
    private int answersOfTenSeconds(int underWay) {
        var held = new PriorityQueue<Long>();
        for (int i = 0; i < underWay; i++) held.add(pace.hold(0));
        int answers = 0;
        long last = 0;
        for (long now; (now = held.remove()) < 10 * SECOND; answers++) {
            pace.told();
            long longest = pace.hold(now);
            assertThat(longest).isLessThanOrEqualTo(SECOND);
            held.add(now + longest);
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
        return answers;
    }

    @Test
    void aFloodIsAnsweredNoFasterThanItIsHeld() {
        assertThat(answersOfTenSeconds(300)).isBetween(4_000, 5_500);
        assertThat(answersOfTenSeconds(1600)).isLessThan(20_000);
    }
}
