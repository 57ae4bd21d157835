package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.decide.EvictionThresholds.Observation;
import io.navarch.agent.decide.EvictionThresholds.Signal;
import io.navarch.agent.decide.EvictionThresholds.Statements;
import io.navarch.objects.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeShortageTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration TRANSITION = Duration.ofMinutes(5);

    private static EvictionThresholds thresholds(String hard, String soft, String grace, String reclaim) {
        return EvictionThresholds.parse(new Statements(list(hard), list(soft), list(grace), list(reclaim)), false);
    }

    private static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    private static Map<Signal, Observation> left(long memory) {
        return Map.of(Signal.MEMORY_AVAILABLE, new Observation(1000, memory));
    }

    @Test
    void softThresholdsMayBeMetForAWhile() {
        var soft = thresholds("", "memory.available<300", "memory.available=1m30s", "");
        var shortage = NodeShortage.NONE.next(soft, left(299), TRANSITION, START);
        assertThat(shortage.pressure().present()).containsExactly(Pressure.MEMORY);
        assertThat(shortage.urgent()).isEmpty();
        shortage = shortage.next(soft, left(299), TRANSITION, START.plusSeconds(89));
        assertThat(shortage.urgent()).isEmpty();
        assertThat(shortage.next(soft, left(299), TRANSITION, START.plusSeconds(90))
                        .urgent())
                .hasSize(1);
        // In between it was not met.
        shortage = shortage.next(soft, left(300), TRANSITION, START.plusSeconds(89));
        assertThat(shortage.next(soft, left(299), TRANSITION, START.plusSeconds(90))
                        .urgent())
                .isEmpty();
    }

    @Test
    void moreIsReclaimedThanWasShort() {
        var hard = thresholds("memory.available<300", "", "", "memory.available=10%");
        var shortage = NodeShortage.NONE.next(hard, left(299), TRANSITION, START);
        shortage = shortage.next(hard, left(399), TRANSITION, START.plusSeconds(1));
        assertThat(shortage.urgent()).hasSize(1);
        shortage = shortage.next(hard, left(401), TRANSITION, START.plusSeconds(2));
        assertThat(shortage.urgent()).isEmpty();
        // It was not short before: then the least is enough.
        assertThat(shortage.next(hard, left(301), TRANSITION, START.plusSeconds(3))
                        .urgent())
                .isEmpty();
        // The condition stays for a while.
        assertThat(shortage.pressure().present()).containsExactly(Pressure.MEMORY);
    }

    @Test
    void memoryComesFirst() {
        var both = thresholds(
                "nodefs.available<50%,memory.available<50%", "memory.available<60%", "memory.available=1s", "");
        var observed = Map.of(
                Signal.NODEFS_AVAILABLE, new Observation(1000, 1), Signal.MEMORY_AVAILABLE, new Observation(1000, 1));
        var shortage = NodeShortage.NONE.next(both, observed, TRANSITION, START);
        shortage = shortage.next(both, observed, TRANSITION, START.plusSeconds(1));
        assertThat(shortage.urgent().stream().map(each -> each.signal() + " " + each.hard()))
                .containsExactly("memory.available true", "memory.available false", "nodefs.available true");
    }

    @Test
    void memoryOfAllPodsIsLookedAtWhenTheyAreLimited() {
        var statements = new Statements(List.of("memory.available<100Mi"), List.of(), List.of(), List.of());
        assertThat(EvictionThresholds.parse(statements, true).all().stream()
                        .map(each -> each.signal().toString()))
                .containsExactly("memory.available", "allocatableMemory.available");
        assertThat(EvictionThresholds.parse(statements, false).all()).hasSize(1);
    }

    @Test
    void whatIsNeverGivenAway() {
        var capacity = Map.of("memory", Quantity.parse("4Gi"), "ephemeral-storage", Quantity.parse("1000Ki"));
        var kept = thresholds("memory.available<100Mi,nodefs.available<10%,imagefs.available<15%", "", "", "")
                .kept(capacity);
        assertThat(kept.get("memory")).hasToString("100Mi");
        assertThat(kept.get("ephemeral-storage").units()).isEqualTo(102_400);
        assertThat(kept).hasSize(2);
    }

    @Test
    void whatSaysNothingIsRefused() {
        assertThatThrownBy(() -> thresholds("", "memory.available<1Gi", "", ""))
                .hasMessage("grace period must be specified for the soft eviction threshold memory.available");
        assertThatThrownBy(() -> thresholds("", "", "memory.available=-1s", ""))
                .hasMessageContaining("must be a positive value");
        assertThatThrownBy(() -> thresholds("", "", "", "memory.available=0%"))
                .hasMessageContaining("must be positive");
        assertThatThrownBy(() -> thresholds("", "", "", "memory.available=-1")).hasMessageContaining("negative");
    }
}
