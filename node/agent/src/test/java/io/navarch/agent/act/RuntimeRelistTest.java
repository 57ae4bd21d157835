package io.navarch.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RuntimeRelistTest {
    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void aQuietRuntimeIsListedSeldomAndOneThatIsNotHeardIsNot() {
        assertThat(RuntimeRelist.pause(true, millis(6000))).isEqualTo(millis(10_000));
        assertThat(RuntimeRelist.pause(true, millis(4000))).isEqualTo(millis(1000));
        assertThat(RuntimeRelist.pause(false, millis(60_000))).isEqualTo(millis(1000));
    }

    @Test
    void listsTakeATenthOfTheTimeHoweverMuchIsTold() {
        assertThat(RuntimeRelist.least(millis(1))).isEqualTo(millis(100));
        assertThat(RuntimeRelist.least(millis(50))).isEqualTo(millis(500));
        assertThat(RuntimeRelist.least(millis(5000))).isEqualTo(millis(1000));
    }
}
