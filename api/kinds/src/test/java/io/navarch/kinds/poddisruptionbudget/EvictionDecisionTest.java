package io.navarch.kinds.poddisruptionbudget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.model.Pod;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.objects.ApiException;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvictionDecisionTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static Pod pod(String phase, String ready) {
        return Pod.of(View.of(Yaml.parse("""
                metadata: {name: p, namespace: a, labels: {app: web}}
                status: {phase: %s, conditions: [{type: Ready, status: '%s'}]}
                """.formatted(phase, ready))));
    }

    private static PodDisruptionBudget budget(String policy, String status) {
        return PodDisruptionBudget.of(View.of(Yaml.parse("""
                metadata: {name: b, namespace: a, generation: 2}
                spec: {selector: {matchLabels: {app: web}}, unhealthyPodEvictionPolicy: %s}
                status: {observedGeneration: 2, %s}
                """.formatted(policy, status))));
    }

    private static final String ROOM = "disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2";
    private static final String NO_ROOM = "disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2";

    @Test
    void anEvictionTakesAPlaceAndIsNoted() {
        var status = EvictionDecision.cost(pod("Running", "True"), budget("IfHealthyBudget", ROOM), NOW)
                .orElseThrow();
        assertThat(status.disruptionsAllowed()).isZero();
        assertThat(status.disruptedPods()).containsOnlyKeys("p");
        assertThat(status.disruptedPods().get("p")).contains(NOW);
    }

    @Test
    void withoutRoomTheEvictionIsRefusedForNow() {
        assertThatThrownBy(() -> EvictionDecision.cost(pod("Running", "True"), budget("IfHealthyBudget", NO_ROOM), NOW))
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.reason()).isEqualTo(ApiException.Reason.TOO_MANY_REQUESTS);
                    assertThat(e.details().toString())
                            .contains("The disruption budget b needs 2 healthy pods and has 2");
                });
    }

    private static void refusedBecause(String status, String why) {
        assertThatThrownBy(() -> EvictionDecision.cost(pod("Running", "True"), budget("IfHealthyBudget", status), NOW))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.details().toString()).contains("The disruption budget b " + why));
    }

    @Test
    void aRefusalSaysWhatTheBudgetKnows() {
        var more = "disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 0";
        refusedBecause(more, "does not allow evicting pods currently}");
        var condition = ", conditions: [{type: DisruptionAllowed, status: 'False', reason: %s, message: because}]";
        refusedBecause(
                more + condition.formatted("InsufficientPods"),
                "does not allow evicting pods currently (InsufficientPods): because");
        refusedBecause(
                NO_ROOM + condition.formatted("SyncFailed"),
                "does not allow evicting pods currently because it failed sync: because");
        refusedBecause(NO_ROOM + condition.formatted("InsufficientPods"), "needs 2 healthy pods and has 2 currently");
    }

    @Test
    void aPodThatServesNobodyCostsNothing() {
        assertThat(EvictionDecision.cost(pod("Running", "False"), budget("IfHealthyBudget", NO_ROOM), NOW))
                .isEmpty();
        var unhealthy = "disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2";
        assertThat(EvictionDecision.cost(pod("Running", "False"), budget("AlwaysAllow", unhealthy), NOW))
                .isEmpty();
        assertThatThrownBy(
                        () -> EvictionDecision.cost(pod("Running", "False"), budget("IfHealthyBudget", unhealthy), NOW))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void aBudgetThatNobodyHasCountedYetIsNotSpent() {
        assertThatThrownBy(() -> EvictionDecision.cost(pod("Running", "True"), stale(), NOW))
                .isInstanceOf(ApiException.class);
    }

    private static PodDisruptionBudget stale() {
        var counted = budget("IfHealthyBudget", ROOM);
        return counted.toBuilder()
                .editMetadata(metadata -> metadata.generation(3))
                .build();
    }

    @Test
    void podsThatDoNotRunNeedNoBudget() {
        var budgets = List.of(budget("IfHealthyBudget", ROOM));
        assertThat(EvictionDecision.budget(pod("Running", "True"), budgets)).isPresent();
        for (var phase : List.of("Pending", "Succeeded", "Failed")) {
            assertThat(EvictionDecision.budget(pod(phase, "True"), budgets))
                    .as(phase)
                    .isEmpty();
        }
        var twice = List.of(budgets.getFirst(), budgets.getFirst());
        assertThatThrownBy(() -> EvictionDecision.budget(pod("Running", "True"), twice))
                .hasMessageContaining("more than one PodDisruptionBudget");
    }
}
