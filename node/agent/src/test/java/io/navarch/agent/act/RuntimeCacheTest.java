package io.navarch.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.RuntimeState.Container;
import io.navarch.agent.decide.RuntimeState.Phase;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// When a container is asked about again although its phase stays.
class RuntimeCacheTest {
    private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void theReasonOfAKillMayComeAfterTheExit() {
        assertThat(RuntimeCache.reasonMayChange(exited(137, "Error"), END.plusSeconds(1)))
                .isTrue();
        assertThat(RuntimeCache.reasonMayChange(exited(137, "OOMKilled"), END.plusSeconds(1)))
                .isFalse();
        assertThat(RuntimeCache.reasonMayChange(exited(137, "Error"), END.plusSeconds(11)))
                .isFalse();
        assertThat(RuntimeCache.reasonMayChange(exited(0, "Completed"), END.plusSeconds(1)))
                .isFalse();
    }

    private static Container exited(int code, String reason) {
        return new Container(
                "id",
                "box",
                "c",
                0,
                "hash",
                Phase.EXITED,
                END,
                Optional.of(END),
                END,
                code,
                reason,
                "",
                "image",
                "ref");
    }
}
