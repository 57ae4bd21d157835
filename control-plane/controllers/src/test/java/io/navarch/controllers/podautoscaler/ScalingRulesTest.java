package io.navarch.controllers.podautoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.podautoscaler.ScalingRules.Change;
import io.navarch.controllers.podautoscaler.ScalingRules.Recommendation;
import io.navarch.model.HorizontalPodAutoscalerBehavior;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

    private static final HorizontalPodAutoscalerBehavior DEFAULTS =
            HorizontalPodAutoscalerBehavior.of(View.of(Yaml.parse("""
            scaleUp:
              stabilizationWindowSeconds: 0
              selectPolicy: Max
              policies: [{type: Pods, value: 4, periodSeconds: 15}, {type: Percent, value: 100, periodSeconds: 15}]
            scaleDown:
              selectPolicy: Max
              policies: [{type: Percent, value: 100, periodSeconds: 15}]
            """)));

    private static ScalingRules rules(List<Recommendation> before, List<Change> changes) {
        return new ScalingRules(DEFAULTS, before, changes, NOW);
    }

    @Test
    void upByDoublingOrByFour() {
        assertThat(rules(List.of(), List.of()).allow(1, 100, 1, 50).replicas()).isEqualTo(5);
        assertThat(rules(List.of(), List.of()).allow(10, 100, 1, 50).replicas()).isEqualTo(20);
        assertThat(rules(List.of(), List.of()).allow(10, 100, 1, 50).limit())
                .isEqualTo(AutoscalerReason.SCALE_UP_LIMIT);
        // What was added within the period counts.
        assertThat(rules(List.of(), List.of(new Change(NOW.minusSeconds(5), 10)))
                        .allow(20, 100, 1, 50)
                        .replicas())
                .isEqualTo(20);
    }

    @Test
    void downOnlyWhenNothingMoreWasWantedForAWhile() {
        var before =
                List.of(new Recommendation(NOW.minusSeconds(200), 8), new Recommendation(NOW.minusSeconds(400), 20));
        var allowed = rules(before, List.of()).allow(10, 2, 1, 50);
        assertThat(allowed.replicas()).isEqualTo(8);
        assertThat(allowed.stabilised()).hasValue(AutoscalerReason.SCALE_DOWN_STABILIZED);
        assertThat(rules(List.of(), List.of()).allow(10, 2, 1, 50).replicas()).isEqualTo(2);
    }

    @Test
    void neverOutsideTheBounds() {
        for (long wanted = 0; wanted < 200; wanted += 7) {
            for (long current = 3; current <= 30; current++)
                assertThat(rules(List.of(), List.of())
                                .allow(current, wanted, 3, 30)
                                .replicas())
                        .isBetween(3L, 30L);
        }
    }
}
