package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.ShutdownPeriods.Period;
import io.navarch.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShutdownPeriodsTest {
    private static Pod pod(String name, int priority, long grace) {
        return Pod.builder()
                .metadata(meta -> meta.name(name))
                .spec(spec -> spec.priority(priority).terminationGracePeriodSeconds(grace))
                .build();
    }

    private static final Pod USUAL = pod("usual", 0, 30);
    private static final Pod SHORT = pod("short", -7, 2);
    private static final Pod MIDDLE = pod("middle", 100_001, 30);
    private static final Pod CRITICAL = pod("critical", 2_000_001_000, 3600);

    private static List<String> groups(ShutdownPeriods periods) {
        return periods.groups(List.of(CRITICAL, USUAL, SHORT, MIDDLE)).stream()
                .map(group -> group.seconds() + ": "
                        + String.join(
                                " ",
                                group.pods().stream()
                                        .map(pod -> pod.name() + "=" + group.grace(pod))
                                        .toList()))
                .toList();
    }

    @Test
    void thoseThatAreThereForTheSystemGoLast() {
        var periods = ShutdownPeriods.of(30, 10);
        assertThat(periods.seconds()).isEqualTo(30);
        assertThat(groups(periods)).containsExactly("20: usual=20 short=2 middle=20", "10: critical=10");
        assertThat(ShutdownPeriods.of(0, 0)).isEqualTo(ShutdownPeriods.NONE);
    }

    @Test
    void eachPriorityMayHaveItsOwn() {
        var periods = new ShutdownPeriods(List.of(new Period(100_000, 7), new Period(0, 5), new Period(3_000_000, 9)));
        assertThat(groups(periods)).containsExactly("5: usual=5 short=2", "7: middle=7", "9: critical=9");
    }
}
