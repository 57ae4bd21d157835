package io.navarch.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.ConfigOfTests;
import io.navarch.agent.decide.AgentConfig;
import io.navarch.agent.decide.ShutdownPeriods;
import io.navarch.agent.decide.ShutdownPeriods.Period;
import io.navarch.objects.View;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeConfigurationTest {
    private static View shown(ShutdownPeriods periods) {
        var config = ConfigOfTests.of("192.0.2.1", AgentConfig.Eviction.NONE, periods);
        return View.of(new NodeConfiguration(config).tree()).get("kubeletconfig");
    }

    @Test
    void aShutdownIsShownAsItIsSet() {
        var whole = shown(ShutdownPeriods.of(60, 10));
        assertThat(whole.get("shutdownGracePeriod").string()).isEqualTo("1m0s");
        assertThat(whole.get("shutdownGracePeriodCriticalPods").string()).isEqualTo("10s");
        assertThat(whole.map()).doesNotContainKey("shutdownGracePeriodByPodPriority");
        assertThat(shown(ShutdownPeriods.NONE).get("shutdownGracePeriod").string())
                .isEqualTo("0s");
        var byPriority = shown(new ShutdownPeriods(List.of(new Period(0, 30), new Period(1000, 90))));
        assertThat(byPriority.get("shutdownGracePeriod").string()).isEqualTo("0s");
        assertThat(byPriority.get("shutdownGracePeriodCriticalPods").string()).isEqualTo("0s");
        assertThat(byPriority.map().get("shutdownGracePeriodByPodPriority"))
                .isEqualTo(List.of(
                        Map.of("priority", 0L, "shutdownGracePeriodSeconds", 30L),
                        Map.of("priority", 1000L, "shutdownGracePeriodSeconds", 90L)));
    }
}
