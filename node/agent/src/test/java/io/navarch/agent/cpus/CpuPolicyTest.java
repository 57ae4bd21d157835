package io.navarch.agent.cpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.agent.numa.AllocationException;
import io.navarch.agent.numa.Cpu;
import io.navarch.agent.numa.CpuSet;
import io.navarch.agent.numa.Hint;
import io.navarch.agent.numa.MachineTopology;
import io.navarch.agent.numa.Machines;
import io.navarch.agent.numa.NodeMask;
import io.navarch.model.Pod;
import io.navarch.model.PodQosClass;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuPolicyTest {
    /// Two sockets with a node each of four cores of two threads: core 0 has the processors 0 and 8.
    private static final MachineTopology TWO = Machines.of(2, 1, 4, 2);

    private static CpuOptions options(String... chosen) {
        return new CpuOptions(Set.of(chosen));
    }

    private static CpuPolicy policy(MachineTopology machine, CpuOptions options, int reserved) {
        return CpuPolicy.of(machine, options, Quantity.parse(String.valueOf(reserved)), CpuSet.EMPTY);
    }

    private static Pod pod(String uid, String containers) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: p, uid: " + uid + "}, status: {qosClass: Guaranteed},"
                + " spec: {" + containers + "}}")));
    }

    private static String container(String name, Object cpus) {
        return "{name: " + name + ", resources: {requests: {cpu: " + cpus + "}, limits: {cpu: " + cpus + "}}}";
    }

    private static Pod pod(String uid, int cpus) {
        return pod(uid, "containers: [" + container("c", cpus) + "]");
    }

    private static Hint on(Integer... nodes) {
        return Hint.of(NodeMask.of(List.of(nodes)), true);
    }

    private static String chosen(CpuPolicy policy, CpuAssignments now, Pod pod, Hint hint) {
        try {
            return policy.choose(now, pod, pod.spec().containers().getFirst(), hint, CpuSet.EMPTY)
                    .map(CpuSet::toString)
                    .orElse("none");
        } catch (AllocationException e) {
            return e.reason() + ": " + e.text();
        }
    }

    private static CpuAssignments start(CpuPolicy policy) {
        return policy.begin(CpuAssignments.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 8",
        "2, '1,9'",
        "3, '1,8-9'",
        "4, '1-2,9-10'",
        "6, '1-3,9-11'",
        "8, '4-7,12-15'",
        "10, '1,4-7,9,12-15'"
    })
    void thoseAreGivenThatAreCloseTogether(int count, String cpus) {
        // Processor 0 is reserved.
        var policy = policy(TWO, CpuOptions.NONE, 1);
        assertThat(chosen(policy, start(policy), pod("a", count), Hint.UNKNOWN)).isEqualTo(cpus);
    }

    @Test
    void thoseOnTheNodesOfTheHintComeFirst() {
        var policy = policy(TWO, CpuOptions.NONE, 1);
        assertThat(chosen(policy, start(policy), pod("a", 2), on(1))).isEqualTo("4,12");
        assertThat(chosen(policy, start(policy), pod("a", 10), on(1))).isEqualTo("1,4-7,9,12-15");
        assertThat(chosen(policy, start(policy), pod("a", 16), on(1)))
                .isEqualTo("UnexpectedAdmissionError: Allocate failed due to not enough cpus available to satisfy"
                        + " request: requested=8, available=7, which is unexpected");
    }

    @Test
    void onlyGuaranteedPodsHaveWholeOnes() {
        assertThat(CpuPolicy.wanted(pod("a", 2))).isEqualTo(2);
        assertThat(CpuPolicy.wanted(pod("a", "containers: [" + container("c", "1500m") + "]")))
                .isZero();
        var burstable = pod("a", 2).toBuilder().status(status -> status.qosClass(PodQosClass.BURSTABLE));
        assertThat(CpuPolicy.wanted(burstable.build())).isZero();
        // What the pod asks for as a whole nobody has for itself.
        assertThat(CpuPolicy.wanted(pod(
                        "a",
                        "containers: [" + container("c", 2) + "], resources: {requests: {cpu: 2}, limits: {cpu: 2}}")))
                .isZero();
    }

    @Test
    void initContainersAndThoseAfterThemShare() {
        var init = container("i", 4) + "," + container("s", 1).replace("name:", "restartPolicy: Always, name:");
        assertThat(CpuPolicy.wanted(
                        pod("a", "initContainers: [" + init + "], containers: [" + container("c", 2) + "]")))
                .isEqualTo(4);
        assertThat(CpuPolicy.wanted(
                        pod("a", "initContainers: [" + init + "], containers: [" + container("c", 5) + "]")))
                .isEqualTo(6);
    }

    @Test
    void wholeCoresAreGivenWhereTheyAreAskedFor() {
        var policy = policy(TWO, options("full-pcpus-only"), 1);
        var now = start(policy);
        assertThat(chosen(policy, now, pod("a", 3), Hint.UNKNOWN))
                .isEqualTo("SMTAlignmentError: SMT Alignment Error: requested 3 cpus not multiple cpus per core = 2");
        // The other thread of the reserved core is nobody's.
        assertThat(chosen(policy, now, pod("a", 16), Hint.UNKNOWN))
                .isEqualTo("SMTAlignmentError: SMT Alignment Error: not enough free physical CPUs: available physical"
                        + " CPUs = 14, requested CPUs = 16, CPUs per core = 2");
        assertThat(chosen(policy, now, pod("a", 14), Hint.UNKNOWN)).isEqualTo("1-7,9-15");
    }

    @Test
    void whoNeedsSeveralNodesGetsAsManyOfEach() {
        var machine = Machines.of(2, 1, 6, 1);
        var packed = policy(machine, CpuOptions.NONE, 1);
        assertThat(chosen(packed, start(packed), pod("a", 8), Hint.UNKNOWN)).isEqualTo("1-2,6-11");
        var spread = policy(machine, options("distribute-cpus-across-numa"), 1);
        assertThat(chosen(spread, start(spread), pod("a", 8), Hint.UNKNOWN)).isEqualTo("1-4,6-9");
        assertThat(chosen(spread, start(spread), pod("a", 4), Hint.UNKNOWN)).isEqualTo("6-9");
    }

    @Test
    void thoseOfOneCacheAreBetterWhereThatIsWanted() {
        // The first cache has 0-3, of which one is reserved and two are given.
        var machine = Machines.of(1, 1, 8, 1);
        var policy = policy(machine, options("prefer-align-cpus-by-uncorecache"), 1);
        var now = start(policy).with("b", "c", CpuSet.parse("1-2"));
        assertThat(chosen(policy, now, pod("a", 4), Hint.UNKNOWN)).isEqualTo("4-7");
        var usual = policy(machine, CpuOptions.NONE, 1);
        assertThat(chosen(usual, now, pod("a", 4), Hint.UNKNOWN)).isEqualTo("3-6");
    }

    @Test
    void hintsPreferAsFewNodesAsWouldDoIfNobodyHadAny() {
        var policy = policy(TWO, CpuOptions.NONE, 1);
        var now = start(policy);
        var spec = pod("a", 8).spec().containers().getFirst();
        assertThat(policy.hints(now, pod("a", 8), spec, CpuSet.EMPTY))
                .containsExactly(List.of(on(1), Hint.of(NodeMask.of(List.of(0, 1)), false)));
        var less = now.with("b", "c", CpuSet.parse("4,12"));
        assertThat(policy.hints(less, pod("a", 8), spec, CpuSet.EMPTY))
                .containsExactly(List.of(Hint.of(NodeMask.of(List.of(0, 1)), false)));
        assertThat(policy.hints(now.with("a", "c", CpuSet.parse("4,12")), pod("a", 8), spec, CpuSet.EMPTY))
                .containsExactly(Hint.NOWHERE);
        assertThat(policy.hints(
                        now, pod("a", 99), pod("a", 99).spec().containers().getFirst(), CpuSet.EMPTY))
                .containsExactly(Hint.NOWHERE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1-15 | | not all reserved cpus: "0" are present in defaultCpuSet: "1-15"
            0-14 | | current set of available CPUs "0-15" doesn't match with CPUs in state "0-14"
            0-16 | | current set of available CPUs "0-15" doesn't match with CPUs in state "0-16"
            0-15 | 3 | pod: u, container: c cpuset: "3" overlaps with default cpuset "0-15"
            '' | 3 | default cpuset cannot be empty
            """)
    void whatDoesNotGoWithTheMachineIsRefused(String shared, String exclusive, String why) {
        var pods = new TreeMap<String, SortedMap<String, CpuSet>>();
        if (exclusive != null) pods.put("u", new TreeMap<>(Map.of("c", CpuSet.parse(exclusive))));
        var before = new CpuAssignments(CpuSet.parse(shared), pods);
        assertThatThrownBy(() -> policy(TWO, CpuOptions.NONE, 1).begin(before)).hasMessage(why);
    }

    @Test
    void whatIsReservedStrictlyIsNobodys() {
        var policy = policy(TWO, options("strict-cpu-reservation"), 2);
        assertThat(start(policy).shared()).hasToString("1-7,9-15");
        assertThatThrownBy(() -> policy.begin(new CpuAssignments(CpuSet.parse("0-15"), new TreeMap<>())))
                .hasMessage("some of strictly reserved cpus: \"0,8\" are present in defaultCpuSet: \"0-15\"");
    }

    @Test
    void somethingHasToBeReserved() {
        assertThatThrownBy(() -> policy(TWO, CpuOptions.NONE, 0))
                .hasMessage(
                        "[cpumanager] the static policy requires systemreserved.cpu + kubereserved.cpu to be greater"
                                + " than zero");
        assertThatThrownBy(() -> policy(TWO, CpuOptions.NONE, 17))
                .hasMessage("new static policy error: [cpumanager] unable to reserve the required amount of CPUs"
                        + " (size of  did not equal 17)");
        assertThatThrownBy(() -> CpuPolicy.of(TWO, CpuOptions.NONE, Quantity.parse("1"), CpuSet.parse("16")))
                .hasMessage("reserved-cpus: 16 is not a subset of online-cpus: 0-15");
        assertThat(CpuPolicy.of(TWO, CpuOptions.NONE, Quantity.parse("1500m"), CpuSet.EMPTY)
                        .allocatable())
                .hasToString("1-7,9-15");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            align-by-socket | true | CPU Manager Policy Alpha-level Options not enabled, but option "align-by-socket" provided
            whole | true | unknown CPU Manager Policy option: "whole"
            full-pcpus-only | yes | bad value for option "full-pcpus-only": strconv.ParseBool: parsing "yes": invalid syntax
            """)
    void optionsThatThereAreNotAreRefused(String name, String value, String why) {
        assertThatThrownBy(() -> CpuOptions.parse(Map.of(name, value))).hasMessage(why);
    }

    @Test
    void optionsThatContradictEachOtherAreRefused() {
        var both = Map.of("distribute-cpus-across-numa", "true", "prefer-align-cpus-by-uncorecache", "true");
        assertThatThrownBy(() -> CpuOptions.parse(both)).hasMessageContaining("can not be used at the same time");
        assertThat(CpuOptions.parse(Map.of("full-pcpus-only", "false"))).isEqualTo(CpuOptions.NONE);
    }

    /// Whatever comes and goes: each processor is either one container's or shared, what is reserved is shared, and
    /// whoever could have been given what it asked for has it, where the hint said if there was room.
    @RepeatedTest(60)
    void nobodyEverHasWhatIsAnothers(RepetitionInfo repetition) throws AllocationException {
        var random = new Random(repetition.getCurrentRepetition());
        var machine = Machines.any(random);
        int size = machine.cpus().all().size();
        if (size < 2) return;
        var names = new ArrayList<>(List.of("full-pcpus-only", "distribute-cpus-across-numa"));
        names.removeIf(name -> random.nextBoolean());
        var options = options(names.toArray(String[]::new));
        var policy = policy(machine, options, random.nextInt(1, size));
        var now = start(policy);
        for (int i = 0; i < 40; i++) {
            var uid = "u" + random.nextInt(5);
            if (random.nextInt(3) == 0) {
                now = now.without(uid);
                continue;
            }
            var pod = pod(uid, random.nextInt(1, 5));
            int wanted = CpuPolicy.wanted(pod);
            if (now.of(uid, "c").isPresent()) continue;
            var free = now.shared().both(policy.allocatable());
            var node = List.copyOf(machine.cpus().parts(Cpu::node)).get(random.nextInt(machine.nodesWithCpus()));
            CpuSet given;
            try {
                given = policy.choose(now, pod, pod.spec().containers().getFirst(), on(node), CpuSet.EMPTY)
                        .orElseThrow();
            } catch (AllocationException e) {
                assertThat(options.wholeCores() || free.size() < wanted)
                        .as("%s", e.text())
                        .isTrue();
                continue;
            }
            assertThat(given.size()).isEqualTo(wanted);
            assertThat(free.containsAll(given)).isTrue();
            var there = free.both(machine.cpus().in(Cpu::node, node));
            assertThat(given.both(there).size()).isEqualTo(Math.min(wanted, there.size()));
            now = now.with(uid, "c", given);
            assertThat(policy.begin(now)).isEqualTo(now);
            if (options.wholeCores()) assertThat(sharedCores(machine, now)).isEmpty();
        }
    }

    private static Set<Integer> sharedCores(MachineTopology machine, CpuAssignments now) {
        var seen = new HashSet<Integer>();
        var twice = new HashSet<Integer>();
        for (var containers : now.exclusive().values())
            for (var cpus : containers.values())
                for (int core : machine.cpus().only(cpus).parts(Cpu::core)) if (!seen.add(core)) twice.add(core);
        return twice;
    }
}
