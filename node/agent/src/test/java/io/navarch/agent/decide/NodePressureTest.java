package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.decide.EvictionThresholds.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodePressureTest {
    private static final Duration TRANSITION = Duration.ofMinutes(5);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static EvictionThresholds thresholds(String... statements) {
        return EvictionThresholds.parse(List.of(statements));
    }

    private static boolean met(String statement, long capacity, long available) {
        var thresholds = thresholds(statement.split(","));
        var observed = new Observation(capacity, available);
        return !thresholds
                .met(Map.of(Signal.NODEFS_AVAILABLE, observed, Signal.NODEFS_INODES_FREE, observed))
                .isEmpty();
    }

    private static Set<Threshold> full() {
        return Set.copyOf(thresholds("nodefs.available<10%").all());
    }

    private static List<Signal> signals(Set<Threshold> thresholds) {
        return thresholds.stream().map(Threshold::signal).toList();
    }

    @Test
    void sharesAndAmounts() {
        assertThat(met("nodefs.available<10%", 1000, 99)).isTrue();
        assertThat(met("nodefs.available<10%", 1000, 100)).isFalse();
        assertThat(met("nodefs.available<1Ki", 1 << 20, 1023)).isTrue();
        assertThat(met("nodefs.available<1Ki", 1 << 20, 1024)).isFalse();
        assertThat(met("nodefs.available<0%", 1000, 0)).isFalse();
        assertThat(met("imagefs.available<15%", 1000, 0)).isFalse();
        // btrfs has no fixed number of inodes.
        assertThat(met("nodefs.inodesFree<5%", 0, 0)).isFalse();
    }

    @Test
    void theOriginalsDefaults() {
        var usual = thresholds(EvictionThresholds.DEFAULT.split(","));
        var full = new Observation(1000, 49);
        assertThat(signals(usual.met(Map.of(Signal.IMAGEFS_AVAILABLE, new Observation(1000, 149)))))
                .containsExactly(Signal.IMAGEFS_AVAILABLE);
        assertThat(usual.met(Map.of(Signal.NODEFS_AVAILABLE, new Observation(1000, 149))))
                .isEmpty();
        assertThat(signals(usual.met(Map.of(Signal.NODEFS_INODES_FREE, full, Signal.IMAGEFS_INODES_FREE, full))))
                .containsExactlyInAnyOrder(Signal.NODEFS_INODES_FREE, Signal.IMAGEFS_INODES_FREE);
    }

    @Test
    void whatSaysNothingIsRefused() {
        assertThatThrownBy(() -> thresholds("disk<10%")).hasMessage("unsupported eviction signal disk");
        assertThatThrownBy(() -> thresholds("nodefs.available<101%")).hasMessageContaining("must be <= 100%");
        assertThatThrownBy(() -> thresholds("nodefs.available<-1%")).hasMessageContaining("must be >= 0%");
        assertThatThrownBy(() -> thresholds("nodefs.available<NaN%")).hasMessageContaining("must be >= 0%");
        assertThatThrownBy(() -> thresholds("nodefs.available<-1")).hasMessageContaining("must be positive");
        assertThatThrownBy(() -> thresholds("nodefs.available=1%")).hasMessageContaining("malformed pair");
        assertThatThrownBy(() -> thresholds("nodefs.available<much")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aShortageCountsForAWhileAfterItIsOver() {
        var met = full();
        var pressure = NodePressure.NONE.next(met, TRANSITION, START);
        assertThat(pressure.present()).containsExactly(Pressure.DISK);
        pressure = pressure.next(Set.of(), TRANSITION, START.plusSeconds(299));
        assertThat(pressure.present()).containsExactly(Pressure.DISK);
        var again = pressure.next(met, TRANSITION, START.plusSeconds(299));
        assertThat(pressure.next(Set.of(), TRANSITION, START.plusSeconds(300)).present())
                .isEmpty();
        assertThat(again.next(Set.of(), TRANSITION, START.plusSeconds(598)).present())
                .isNotEmpty();
        assertThat(again.next(Set.of(), TRANSITION, START.plusSeconds(599)).present())
                .isEmpty();
    }

    @Test
    void aClockThatIsSetBackDoesNotMakeItLonger() {
        var pressure = NodePressure.NONE.next(full(), TRANSITION, START);
        var before = START.minus(Duration.ofDays(30));
        pressure = pressure.next(Set.of(), TRANSITION, before);
        assertThat(pressure.present()).isNotEmpty();
        assertThat(pressure.next(Set.of(), TRANSITION, before.plus(TRANSITION)).present())
                .isEmpty();
    }
}
