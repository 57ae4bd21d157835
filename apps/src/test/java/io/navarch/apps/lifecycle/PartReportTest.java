package io.navarch.apps.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.apps.lifecycle.PartReport.Running;
import io.navarch.process.PartState;
import io.navarch.process.PartState.Death;
import io.navarch.process.PartState.Phase;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartReportTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Death KILLED = new Death(NOW.minusSeconds(300), "signal 9 (SIGKILL)", "goes on");

    private static String told(Optional<Running> process, Phase phase, int restarts, Optional<Death> death) {
        return new PartReport(process, new PartState(phase, 7, restarts, death, NOW.plusSeconds(16))).told(NOW);
    }

    @Test
    void whatRunsIsToldWithItsPast() {
        var running = Optional.of(new Running(42, Optional.of(NOW.minusSeconds(299))));
        assertThat(told(running, Phase.RUNNING, 0, Optional.empty()))
                .isEqualTo("running, pid 42, since 2026-01-01T11:55:01Z (4 min)");
        assertThat(told(running, Phase.RUNNING, 1, Optional.of(KILLED)))
                .isEqualTo("running, pid 42, since 2026-01-01T11:55:01Z (4 min); started again once;"
                        + " last ended 2026-01-01T11:55:00Z (5 min ago): signal 9 (SIGKILL); it last said: goes on");
    }

    @Test
    void whatDoesNotRunIsToldWithWhatComes() {
        assertThat(told(Optional.empty(), Phase.UNKNOWN, 0, Optional.empty())).isEqualTo("not running");
        assertThat(told(Optional.empty(), Phase.WAITING, 5, Optional.of(KILLED)))
                .startsWith("not running, started again in 16 s; started again 5 times; last ended ");
        assertThat(told(
                        Optional.empty(),
                        Phase.REFUSED,
                        0,
                        Optional.of(new Death(NOW, "exit code 2", "navarch: unknown flag --x"))))
                .isEqualTo("not running, not started again, as it would end the same way; last ended"
                        + " 2026-01-01T12:00:00Z (0 s ago): exit code 2; it last said: navarch: unknown flag --x");
    }

    @Test
    void whatIsWrittenDownIsReadAgain() {
        var state = new PartState(Phase.WAITING, 7, 3, Optional.of(KILLED), NOW);
        assertThat(PartState.parse(state.text())).isEqualTo(state);
    }

    @Test
    void whatCannotBeReadIsNotKnown() {
        assertThat(PartState.parse("")).isEqualTo(PartState.UNKNOWN);
        assertThat(PartState.parse("phase=dancing\nrestarts=many\ndied=9223372036854775807\n=\nnext"))
                .isEqualTo(new PartState(
                        Phase.UNKNOWN, 0, 0, Optional.of(new Death(Instant.EPOCH, "", "")), Instant.EPOCH));
        var loud = "phase=running\ndied=1\nwhy=\u001b[31mred\nlast=" + "x".repeat(10_000);
        assertThat(PartState.parse(loud).death().orElseThrow().told())
                .doesNotContain("\u001b")
                .hasSizeLessThan(600);
    }
}
