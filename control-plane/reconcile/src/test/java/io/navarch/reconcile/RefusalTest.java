package io.navarch.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ConditionStatus;
import io.navarch.model.ReplicaSet;
import io.navarch.model.ReplicaSetCondition;
import io.navarch.model.ReplicaSetStatus;
import io.navarch.model.Resources;
import io.navarch.objects.View;
import java.time.Instant;
import java.util.Map;
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

    private static ReplicaSetCondition condition(Map<String, Object> status) {
        return ReplicaSetStatus.of(View.of(status)).conditions().getFirst();
    }

    @Test
    void theErrorIsTheConditionsMessage() {
        var written = refusal(ReplicaSetStatus.ABSENT).status("exceeded quota").orElseThrow();
        assertThat(condition(written).message()).isEqualTo("exceeded quota");
        assertThat(condition(written).lastTransitionTime()).contains(NOW);
    }

    @Test
    void whatTheStatusSaysAlreadyIsNotWrittenAgain() {
        assertThat(refusal(status("exceeded quota", BEFORE)).status("exceeded quota"))
                .isEmpty();
    }

    @Test
    void anotherErrorIs() {
        var written =
                refusal(status("exceeded quota", BEFORE)).status("no room").orElseThrow();
        assertThat(condition(written).message()).isEqualTo("no room");
    }
}
