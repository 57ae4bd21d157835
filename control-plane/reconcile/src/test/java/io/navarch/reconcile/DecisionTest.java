package io.navarch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ConfigMap;
import io.navarch.model.Resources;
import io.navarch.process.Metric;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {
    private static final ConfigMap MAP =
            ConfigMap.builder().metadata(metadata -> metadata.name("m")).build();
    private static final Action.Update UPDATE = new Action.Update(Resources.CONFIG_MAPS, MAP, "status");
    private static final Action DELETE = new Action.Delete(Resources.CONFIG_MAPS, MAP);
    private static final Action CREATE = new Action.Create(Resources.CONFIG_MAPS, MAP);
    private static final Reason WHY = Reason.of("Waiting", "it waits");
    private static final Action.RecordEvent EVENT = Action.RecordEvent.normal(MAP, WHY);
    private static final Metric.Sample SAMPLE =
            Metric.counter("c", "[ALPHA] A test.").once();

    private static Decision whole() {
        return Decision.builder()
                .event(EVENT)
                .metrics(List.of(SAMPLE))
                .afterStatus(DELETE)
                .status(UPDATE)
                .change(CREATE)
                .requeueAfter(Duration.ofSeconds(9))
                .requeueAfter(Duration.ofSeconds(3))
                .requeueAfter(Duration.ofSeconds(5))
                .waitingOn(WHY)
                .build();
    }

    @Test
    void partsAreCarriedOutInOneOrderHoweverTheyWereNamed() {
        assertThat(whole().actions()).containsExactly(CREATE, UPDATE, DELETE, EVENT, new Action.RecordMetric(SAMPLE));
    }

    @Test
    void theEarliestTimeCounts() {
        assertThat(whole().requeueAfter()).contains(Duration.ofSeconds(3));
    }

    @Test
    void decisionsAreValues() {
        assertThat(whole()).isEqualTo(whole()).isNotEqualTo(Decision.NOTHING);
        assertThat(Decision.builder().include(whole()).build()).isEqualTo(whole());
    }
}
