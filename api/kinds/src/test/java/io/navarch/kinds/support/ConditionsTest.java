package io.navarch.kinds.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.ConditionStatus;
import io.navarch.model.JobCondition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static JobCondition condition(String type, ConditionStatus status, Instant since) {
        return Conditions.of(JobCondition::of, type, status, "Reason", "message", since);
    }

    @Test
    void aNewReasonKeepsTheTransitionTime() {
        var before = List.of(condition("Complete", ConditionStatus.FALSE, THEN));

        var after = Conditions.of(
                before, JobCondition::of, "Complete", ConditionStatus.FALSE, "OtherReason", "message", NOW);

        assertThat(after.lastTransitionTime()).contains(THEN);
        assertThat(after.reason()).isEqualTo("OtherReason");
    }

    @Test
    void aNewStatusIsATransition() {
        var before = List.of(condition("Complete", ConditionStatus.FALSE, THEN));

        var after = Conditions.of(before, JobCondition::of, "Complete", ConditionStatus.TRUE, "Reason", "message", NOW);

        assertThat(after.lastTransitionTime()).contains(NOW);
    }

    @Test
    void aConditionTakesThePlaceOfTheOneOfItsType() {
        var complete = condition("Complete", ConditionStatus.FALSE, THEN);
        var failed = condition("Failed", ConditionStatus.FALSE, THEN);
        var now = condition("Complete", ConditionStatus.TRUE, NOW);

        assertThat(Conditions.with(List.of(complete, failed), now)).containsExactly(now, failed);
        assertThat(Conditions.with(List.of(failed), now)).containsExactly(failed, now);
        assertThat(Conditions.without(List.of(complete, failed), "Complete")).containsExactly(failed);
    }
}
