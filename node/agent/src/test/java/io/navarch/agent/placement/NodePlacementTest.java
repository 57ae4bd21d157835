package io.navarch.agent.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.act.NodeDevices;
import io.navarch.agent.act.Placement.Place;
import io.navarch.agent.cpus.CpuOptions;
import io.navarch.agent.decide.PlacementConfig;
import io.navarch.agent.memory.ReservedMemory;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Machines;
import io.navarch.agent.numa.TopologyOptions;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodePlacementTest {
    @TempDir
    Path directory;

    /// On a machine of two nodes with four processors and 8 GiB each, of which one processor and 1 GiB is reserved.
    private NodePlacement start(String policy, String scope) throws IOException {
        var config = new PlacementConfig(
                new PlacementConfig.Cpus(true, CpuOptions.NONE, CpuSet.EMPTY),
                new PlacementConfig.Memory(true, ReservedMemory.parse("0:memory=1Gi")),
                TopologyOptions.parse(policy, scope, Map.of()));
        var kept = Map.of("cpu", Quantity.parse("1"), "memory", Quantity.parse("1Gi"));
        return new NodePlacement(Shares.of(config, Machines.of(2, 1, 4, 1), kept, directory), NodeDevices.NONE);
    }

    @Test
    void whereNothingCanBeWrittenAnAgentStartsThatHasNothingToGive() throws IOException {
        // Nobody makes anything there.
        var unwritable = Path.of("/proc/navarch");
        assertThat(Shares.of(PlacementConfig.NONE, Machines.of(2, 1, 4, 1), Map.of(), unwritable)
                        .cpus())
                .isEmpty();
    }

    private static String container(String name, Object cpu, String memory) {
        var amounts = "{cpu: " + cpu + ", memory: " + memory + "}";
        return "{name: " + name + ", resources: {requests: " + amounts + ", limits: " + amounts + "}}";
    }

    private static Pod pod(String uid, String... containers) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, uid: " + uid
                + "}, status: {qosClass: Guaranteed}, spec: {containers: [" + String.join(",", containers) + "]}}")));
    }

    private static String admitted(NodePlacement placement, Pod pod) {
        return placement
                .admit(pod)
                .map(each -> each.reason() + ": " + each.message())
                .orElse("");
    }

    private static final String APART = "TopologyAffinityError: Resources cannot be allocated with Topology locality";

    @Test
    void processorsAndMemoryComeFromTheSameNode() throws IOException {
        var placement = start("single-numa-node", "container");
        // Only the second node has so many processors, and so its memory it is.
        assertThat(admitted(placement, pod("a", container("c", 4, "1Gi")))).isEmpty();
        assertThat(placement.of("a", "c")).isEqualTo(new Place("4-7", "1", true));
        assertThat(placement.of("x", "c")).isEqualTo(new Place("0-3", "", false));
        assertThat(placement.hasOwnCpus("a")).isTrue();
        assertThat(admitted(placement, pod("b", container("c", 4, "1Gi")))).isEqualTo(APART);
        assertThat(placement.of("b", "c").exclusive()).isFalse();
        placement.release("a");
        assertThat(admitted(placement, pod("b", container("c", 4, "1Gi")))).isEmpty();
    }

    @Test
    void aPodOfSeveralContainersMayHaveToBeOnOneNode() throws IOException {
        var two = pod("a", container("c", 3, "1Gi"), container("d", 3, "1Gi"));
        assertThat(admitted(start("single-numa-node", "pod"), two)).isEqualTo(APART);
        assertThat(admitted(start("single-numa-node", "container"), two)).isEmpty();
        var smaller = pod("b", container("c", 1, "1Gi"));
        assertThat(admitted(start("single-numa-node", "container"), smaller)).isEmpty();
    }

    @Test
    void aPolicyThatDoesItsBestRefusesNobodyForThat() throws IOException {
        var wide = pod("a", container("c", 6, "1Gi"));
        assertThat(admitted(start("single-numa-node", "container"), wide)).isEqualTo(APART);
        // As few nodes as it could be.
        assertThat(admitted(start("restricted", "container"), wide)).isEqualTo(APART);
        var placement = start("best-effort", "container");
        assertThat(admitted(placement, wide)).isEmpty();
        assertThat(placement.of("a", "c")).isEqualTo(new Place("1-2,4-7", "0,1", true));
    }

    @Test
    void whatThereIsNotIsRefusedByAnyPolicy() throws IOException {
        assertThat(admitted(start("none", "container"), pod("a", container("c", 8, "1Gi"))))
                .isEqualTo("UnexpectedAdmissionError: Allocate failed due to not enough cpus available to satisfy"
                        + " request: requested=8, available=7, which is unexpected");
        // What its first container was given has been given back.
        var placement = start("none", "container");
        assertThat(admitted(placement, pod("b", container("c", 3, "1Gi"), container("d", 5, "1Gi"))))
                .startsWith("UnexpectedAdmissionError");
        assertThat(placement.of("x", "c").cpus()).isEqualTo("0-7");
    }

    @Test
    void thoseWhoShareRunAnywhereElse() throws IOException {
        var placement = start("restricted", "container");
        assertThat(admitted(placement, pod("a", container("c", "1500m", "1Gi"))))
                .isEmpty();
        assertThat(placement.of("a", "c")).isEqualTo(new Place("0-7", "0", false));
        assertThat(placement.fixed(pod("a", container("c", 1, "1Gi")), "cpu"))
                .isEqualTo("Resize is infeasible for Guaranteed Pods alongside CPU Manager policy \"static\"");
        assertThat(NodePlacement.ofDevices(NodeDevices.NONE).fixed(pod("a"), "cpu"))
                .isEmpty();
        assertThat(NodePlacement.ofDevices(NodeDevices.NONE).of("a", "c")).isEqualTo(Place.ANYWHERE);
    }

    @Test
    void thoseWhoWereHereBeforeHaveWhatTheyHad() throws IOException {
        var pod = pod("a", container("c", 2, "1Gi"));
        assertThat(admitted(start("restricted", "container"), pod)).isEmpty();
        var next = start("restricted", "container");
        next.resume(pod);
        next.keep(Set.of("a"));
        assertThat(next.of("a", "c")).isEqualTo(new Place("1-2", "0", true));
        next.resume(pod("b", container("c", 1, "1Gi")));
        assertThat(next.of("b", "c").cpus()).isEqualTo("3");
    }
}
