package io.navarch.agent.numa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.numa.TopologyOptions.Policy;
import io.navarch.agent.numa.TopologyOptions.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HintMergerTest {
    /// Four nodes, of which 0 and 1, and 2 and 3, are close to each other.
    private static final MachineTopology FOUR = Machines.of(2, 2, 1, 1);

    private static TopologyOptions options(Policy policy, boolean closest) {
        return new TopologyOptions(policy, Scope.CONTAINER, closest, 8);
    }

    private static Hint hint(boolean preferred, Integer... nodes) {
        return Hint.of(NodeMask.of(List.of(nodes)), preferred);
    }

    private static String merged(Policy policy, boolean closest, List<List<Hint>> hints) {
        return new HintMerger(options(policy, closest), FOUR)
                .merge(hints)
                .map(hint -> hint.nodes().map(mask -> mask.nodes().toString()).orElse("anywhere")
                        + (hint.preferred() ? " preferred" : ""))
                .orElse("refused");
    }

    @Test
    void whatAllPreferIsTaken() {
        var cpus = List.of(hint(true, 0), hint(true, 1), hint(false, 0, 1));
        var devices = List.of(hint(true, 1));
        for (var policy : List.of(Policy.BEST_EFFORT, Policy.RESTRICTED, Policy.SINGLE_NUMA_NODE))
            assertThat(merged(policy, false, List.of(cpus, devices))).isEqualTo("[1] preferred");
    }

    @Test
    void whatNobodyCanGiveTogetherIsRefusedByThosePoliciesThatSaySo() {
        var hints = List.of(List.of(hint(true, 0)), List.of(hint(true, 1)));
        assertThat(merged(Policy.BEST_EFFORT, false, hints)).isEqualTo("[0, 1, 2, 3]");
        assertThat(merged(Policy.RESTRICTED, false, hints)).isEqualTo("refused");
        assertThat(merged(Policy.SINGLE_NUMA_NODE, false, hints)).isEqualTo("refused");
        assertThat(merged(Policy.NONE, false, hints)).isEqualTo("anywhere");
    }

    @Test
    void twoNodesAreEnoughUnlessItHasToBeOne() {
        var hints = List.of(List.of(hint(true, 0, 1), hint(true, 2, 3)), List.of(hint(true, 2, 3)));
        assertThat(merged(Policy.RESTRICTED, false, hints)).isEqualTo("[2, 3] preferred");
        assertThat(merged(Policy.SINGLE_NUMA_NODE, false, hints)).isEqualTo("refused");
    }

    @Test
    void whoeverDoesNotMindIsNotAsked() {
        var hints = List.of(Hint.ANYWHERE, List.of(hint(true, 3)), Hint.ANYWHERE);
        assertThat(merged(Policy.SINGLE_NUMA_NODE, false, hints)).isEqualTo("[3] preferred");
        assertThat(merged(Policy.SINGLE_NUMA_NODE, false, List.of(Hint.ANYWHERE)))
                .isEqualTo("anywhere preferred");
        assertThat(merged(Policy.RESTRICTED, false, List.of(Hint.ANYWHERE, Hint.NOWHERE)))
                .isEqualTo("refused");
    }

    @Test
    void ofAsManyThoseAreTakenThatAreClose() {
        var hints = List.of(List.of(hint(true, 0, 2), hint(true, 0, 3), hint(true, 2, 3)));
        assertThat(merged(Policy.BEST_EFFORT, false, hints)).isEqualTo("[0, 2] preferred");
        assertThat(merged(Policy.BEST_EFFORT, true, hints)).isEqualTo("[2, 3] preferred");
    }

    /// What nobody prefers is as wide as whoever needs the most needs, as far as that can be.
    @Test
    void whereNothingIsPreferredNobodyGetsTooFewNodes() {
        var few = List.of(hint(false, 0), hint(false, 0, 1));
        var many = List.of(hint(false, 0, 1), hint(false, 0, 1, 2));
        assertThat(merged(Policy.BEST_EFFORT, false, List.of(few, many))).isEqualTo("[0, 1]");
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void whatIsAgreedOnIsAmongWhatEachCanGive(Policy policy) {
        var random = new Random(policy.name().hashCode());
        for (int i = 0; i < 500; i++) {
            var all = new ArrayList<List<Hint>>();
            for (int j = random.nextInt(1, 4); j > 0; j--) {
                var possible = NodeMask.combinations(FOUR.nodeIds()).stream()
                        .filter(mask -> random.nextInt(3) == 0)
                        .toList();
                all.add(Hint.preferringFewest(
                        possible,
                        possible.stream().mapToInt(NodeMask::count).min().orElse(0)));
            }
            var merger = new HintMerger(options(policy, random.nextBoolean()), FOUR);
            var merged = merger.merge(all);
            var best = new HintMerger(options(Policy.BEST_EFFORT, false), FOUR)
                    .merge(all)
                    .orElseThrow();
            if (policy == Policy.RESTRICTED) assertThat(merged.isPresent()).isEqualTo(best.preferred());
            if (merged.isEmpty() || policy == Policy.NONE) continue;
            var hint = merged.get();
            if (policy == Policy.SINGLE_NUMA_NODE)
                assertThat(hint.nodes().map(NodeMask::count).orElse(1)).isEqualTo(1);
            if (hint.preferred() && hint.nodes().isPresent())
                for (var hints : all)
                    assertThat(hints).as("%s of %s", hint, all).contains(hint);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tight       | container | a=b | must be one of: ["none" "best-effort" "restricted" "single-numa-node"]
            restricted  | node      | a=b | must be one of: "container", or "pod"
            restricted  | pod       | a=b | unknown Topology Manager Policy option: "a"
            restricted  | pod       | max-allowable-numa-nodes=4 | should not be less than 8
            restricted  | pod       | max-allowable-numa-nodes=x | unable to convert policy option to integer
            restricted  | pod       | prefer-closest-numa-nodes=x | bad value for option "prefer-closest-numa-nodes"
            """)
    void whatIsNoPolicyIsRefused(String policy, String scope, String option, String why) {
        var pair = option.split("=");
        assertThatThrownBy(() -> TopologyOptions.parse(policy, scope, Map.of(pair[0], pair[1])))
                .hasMessageContaining(why);
    }

    @Test
    void aMachineOfTooManyNodesIsRefused() {
        var many = Machines.of(1, 9, 1, 1);
        var usual = TopologyOptions.parse("restricted", "pod", Map.of());
        assertThatThrownBy(() -> usual.on(many)).hasMessage("unsupported on machines with more than 8 NUMA Nodes");
        assertThat(TopologyOptions.parse("restricted", "pod", Map.of("max-allowable-numa-nodes", "9"))
                        .on(many)
                        .mostNodes())
                .isEqualTo(9);
    }
}
