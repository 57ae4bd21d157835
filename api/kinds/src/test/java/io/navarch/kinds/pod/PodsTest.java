package io.navarch.kinds.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ConditionStatus;
import io.navarch.model.Pod;
import io.navarch.model.PodConditionType;
import io.navarch.model.PodPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PodsTest {
    private static final Instant READY = Instant.parse("2026-01-01T00:00:00Z");

    private static Pod named(String name) {
        return Pod.builder().metadata(metadata -> metadata.name(name)).build();
    }

    private static Pod inPhase(PodPhase phase) {
        return Pod.builder().status(status -> status.phase(phase)).build();
    }

    private static Pod ready() {
        return Pod.builder()
                .status(status -> status.addConditions(condition -> condition
                        .type(PodConditionType.READY)
                        .status(ConditionStatus.TRUE)
                        .lastTransitionTime(READY)))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void onlySucceededAndFailedPodsHaveEnded(PodPhase phase) {
        assertThat(Pods.ended(inPhase(phase))).isEqualTo(phase == PodPhase.SUCCEEDED || phase == PodPhase.FAILED);
    }

    @Test
    void aDeletedPodIsTerminatingUntilItHasEnded() {
        var running = inPhase(PodPhase.RUNNING).toBuilder()
                .metadata(metadata -> metadata.deletionTimestamp(READY))
                .build();
        var ended = running.toBuilder()
                .status(status -> status.phase(PodPhase.FAILED))
                .build();

        assertThat(Pods.active(running)).isFalse();
        assertThat(Pods.terminating(running)).isTrue();
        assertThat(Pods.terminating(ended)).isFalse();
    }

    @Test
    void aReadyPodBecomesAvailableAfterTheTimeItHasToBeReady() {
        assertThat(Pods.available(ready(), 10, READY.plusSeconds(9))).isFalse();
        assertThat(Pods.available(ready(), 10, READY.plusSeconds(10))).isTrue();
        assertThat(Pods.available(inPhase(PodPhase.RUNNING), 0, READY)).isFalse();
        assertThat(Pods.nextAvailability(List.of(ready()), 10, READY.plusSeconds(4)))
                .contains(Duration.ofMillis(6050));
        assertThat(Pods.nextAvailability(List.of(ready()), 10, READY.plusSeconds(10)))
                .isEmpty();
    }

    @Test
    void ordinalsAreTheNumbersOfOnesOwnPods() {
        assertThat(Pods.ordinal(named("web-12"), "web")).hasValue(12);
        assertThat(Pods.ordinal(named("web-012"), "web")).isEmpty();
        assertThat(Pods.ordinal(named("web-blue-1"), "web")).isEmpty();
        assertThat(Pods.ordinal(named("other-1"), "web")).isEmpty();
    }
}
