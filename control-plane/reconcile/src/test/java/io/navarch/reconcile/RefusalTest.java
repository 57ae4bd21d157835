package io.navarch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ConditionStatus;
import io.navarch.model.ReplicaSet;
import io.navarch.model.ReplicaSetCondition;
import io.navarch.model.ReplicaSetStatus;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static ReplicaSetStatus status(String message, Instant since) {
        return ReplicaSetStatus.builder()
                .replicas(3)
                .addConditions(condition -> condition
                        .type("ReplicaFailure")
                        .status(ConditionStatus.TRUE)
                        .reason("FailedCreate")
                        .message(message)
                        .lastTransitionTime(since))
                .build();
    }

    private static Refusal refusal(ReplicaSetStatus known) {
        var owner = ReplicaSet.builder()
                .metadata(metadata -> metadata.name("owner"))
                .status(known)
                .build();
        return new Refusal(Resources.REPLICA_SETS, owner, status("%s", NOW), "ReplicaFailure");
    }

    private static ReplicaSetCondition condition(Action.Update update) {
        return ReplicaSet.of(View.of(update.object())).status().conditions().getFirst();
    }

    @Test
    void theErrorIsTheConditionsMessage() {
        var update = refusal(ReplicaSetStatus.ABSENT).update("exceeded quota").orElseThrow();
        assertThat(update.subresource()).isEqualTo("status");
        assertThat(condition(update).message()).isEqualTo("exceeded quota");
        assertThat(condition(update).lastTransitionTime()).contains(NOW);
    }

    @Test
    void whatTheStatusSaysAlreadyIsNotWrittenAgain() {
        assertThat(refusal(status("exceeded quota", BEFORE)).update("exceeded quota"))
                .isEmpty();
    }

    @Test
    void anotherErrorIs() {
        var update = refusal(status("exceeded quota", BEFORE)).update("no room").orElseThrow();
        assertThat(condition(update).message()).isEqualTo("no room");
    }
}
