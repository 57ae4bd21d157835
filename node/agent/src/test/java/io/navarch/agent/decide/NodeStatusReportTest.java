package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.ConfigOfTests;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Node;
import io.navarch.model.NodeCondition;
import io.navarch.model.NodeConditionType;
import io.navarch.model.NodeSystemInfo;
import io.navarch.model.StatusCondition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeStatusReportTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Node reported(Node before, String failure, Set<Pressure> pressures, Instant now) {
        var config = ConfigOfTests.of("192.0.2.1", AgentConfig.Eviction.NONE);
        var facts = new NodeStatusReport.Facts(
                Map.of(), DeviceCounts.NONE, NodeSystemInfo.ABSENT, List.of(), failure, pressures);
        return Node.builder()
                .status(new NodeStatusReport(config, facts, now).of(before))
                .build();
    }

    private static NodeCondition disk(Node node) {
        return StatusCondition.find(node.status().conditions(), NodeConditionType.DISK_PRESSURE)
                .orElseThrow();
    }

    @Test
    void pressureIsSaidInTheOriginalsWords() {
        var fine = reported(Node.ABSENT, "", Set.of(), START);
        assertThat(disk(fine).status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(disk(fine).reason()).isEqualTo("KubeletHasNoDiskPressure");
        assertThat(disk(fine).message()).isEqualTo("kubelet has no disk pressure");
        assertThat(NodeStatusReport.events(Node.ABSENT, fine.status()))
                .containsExactly("NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID");
        var later = START.plusSeconds(10);
        var full = reported(fine, "", Set.of(Pressure.DISK), later);
        assertThat(disk(full).status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(disk(full).reason()).isEqualTo("KubeletHasDiskPressure");
        assertThat(disk(full).message()).isEqualTo("kubelet has disk pressure");
        assertThat(disk(full).lastTransitionTime()).hasValue(later);
        assertThat(NodeStatusReport.events(fine, full.status())).containsExactly("NodeHasDiskPressure");
        assertThat(NodeStatusReport.due(fine, fine.status(), full.status(), later))
                .isTrue();
        var still = reported(full, "", Set.of(Pressure.DISK), later.plusSeconds(10));
        assertThat(disk(still).lastTransitionTime()).hasValue(later);
        assertThat(NodeStatusReport.events(full, still.status())).isEmpty();
    }

    @Test
    void eventsTellWhenANodeBecomesReadyAndIsNotAnyMore() {
        var away = reported(Node.ABSENT, "container runtime is down", Set.of(), START);
        var ready = reported(away, "", Set.of(), START.plusSeconds(10));
        assertThat(NodeStatusReport.events(away, ready.status())).containsExactly("NodeReady");
        assertThat(NodeStatusReport.events(ready, away.status())).containsExactly("NodeNotReady");
    }
}
