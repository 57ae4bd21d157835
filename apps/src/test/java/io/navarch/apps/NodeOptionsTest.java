package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.cpus.CpuOptions;
import io.navarch.agent.decide.PlacementConfig;
import io.navarch.agent.memory.ReservedMemory;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.TopologyOptions;
import io.navarch.objects.Quantity;
import io.navarch.process.Options;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What containers have for themselves, as options say it.
class NodeOptionsTest {
    private static NodeOptions options(String... arguments) {
        return new NodeOptions(
                Options.parse(ServerOptions.DECLARED, List.of(arguments), Map.of()), new Host("h", "192.0.2.1"));
    }

    @Test
    void whatContainersHaveForThemselves() {
        assertThat(options().resources().placement()).isEqualTo(PlacementConfig.NONE);
        var options = options(
                "--cpu-manager-policy", "static",
                "--cpu-manager-policy-options", "full-pcpus-only=true",
                "--reserved-cpus", "0,2-3",
                "--memory-manager-policy", "Static",
                "--reserved-memory", "0:memory=1Gi",
                "--topology-manager-policy", "restricted",
                "--topology-manager-scope", "pod",
                "--topology-manager-policy-options", "max-allowable-numa-nodes=9",
                "--kube-reserved", "cpu=7,memory=1Gi");
        assertThat(options.resources().placement())
                .isEqualTo(new PlacementConfig(
                        new PlacementConfig.Cpus(
                                true, new CpuOptions(Set.of("full-pcpus-only")), CpuSet.parse("0,2-3")),
                        new PlacementConfig.Memory(true, ReservedMemory.parse("0:memory=1Gi")),
                        TopologyOptions.parse("restricted", "pod", Map.of("max-allowable-numa-nodes", "9"))));
        // Processors that are named stand for all amounts.
        var reservation = options.resources().reservation();
        assertThat(reservation.system()).isEqualTo(Map.of("cpu", Quantity.parse("3")));
        assertThat(reservation.kube()).isEqualTo(Map.of("memory", Quantity.parse("1Gi")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --cpu-manager-policy | dynamic | unknown policy: "dynamic"
            --memory-manager-policy | static | unknown policy: "static"
            --cpu-manager-policy-options | full-pcpus-only | malformed pair, expect string=string
            --reserved-cpus | a | invalid configuration: unable to parse reservedSystemCPUs (--reserved-cpus) a, error: strconv.Atoi: parsing "a": invalid syntax
            --topology-manager-scope | node | invalid configuration: topologyManagerScope (--topology-manager-scope) "node" must be one of: "container", or "pod"
            --reserved-memory | 0:memory=0 | invalid configuration: reserved memory may not be zero for NUMA node 0 and resource "memory"
            """)
    void whatCannotBeIsRefusedInOneLine(String option, String value, String why) {
        assertThatThrownBy(() -> options(option, value).resources())
                .isInstanceOf(Options.UsageException.class)
                .hasMessage(why);
    }

    @Test
    void processorsAreNotReservedByNameWhereGroupsAreLimited() {
        assertThatThrownBy(() -> options("--reserved-cpus", "0", "--system-reserved-cgroup", "/s")
                        .resources())
                .hasMessageContaining("can't use reservedSystemCPUs (--reserved-cpus) with systemReservedCgroup");
    }
}
