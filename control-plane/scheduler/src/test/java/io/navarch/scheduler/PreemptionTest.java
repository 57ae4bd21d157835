package io.navarch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.model.PodDisruptionBudget;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreemptionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final SchedulingCycle cycle = new SchedulingCycle(Plugins.defaults(), new Random(1));
    private final ClusterState state = new ClusterState();
    private final Map<ObjectKey, Pod> pods = new HashMap<>();
    private final List<PodDisruptionBudget> budgets = new ArrayList<>();

    private void node(String name, int cpu, String more) {
        state.node(
                Node.ABSENT,
                Node.of(View.of(Yaml.parse("{metadata: {name: " + name + "}, spec: {" + more
                        + "}, status: {allocatable: {cpu: '" + cpu + "', pods: '110'}}}"))));
    }

    private static Pod pod(String name, int priority, int cpu, String spec, String status) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: " + name + ", namespace: ns, uid: " + name
                + ", labels: {app: " + name + "}}, spec: {priority: " + priority
                + ", containers: [{name: c, resources: {requests: {cpu: '" + cpu + "'}}}]" + spec + "}, status: {"
                + status + "}}")));
    }

    private void runs(String name, String node, int priority, int cpu, String status) {
        var pod = pod(name, priority, cpu, ", nodeName: " + node, status);
        state.place(pod);
        pods.put(pod.key(), pod);
    }

    private void runs(String name, String node, int priority, int cpu) {
        runs(name, node, priority, cpu, "startTime: '2026-01-01T00:00:00Z'");
    }

    private void budget(String app, int allowed) {
        budgets.add(PodDisruptionBudget.of(View.of(Yaml.parse("{metadata: {name: " + app
                + ", namespace: ns}, spec: {selector: {matchLabels: {app: " + app
                + "}}}, status: {disruptionsAllowed: " + allowed + "}}"))));
    }

    private SchedulingCycle.Outcome schedule(Pod pod) {
        return cycle.schedule(PodInfo.of(pod), state.nodes(), state.nominations());
    }

    private Preemption.Answer answer(Pod pod) {
        return new Preemption(cycle, state, key -> pods.getOrDefault(key, Pod.ABSENT), budgets, NOW)
                .answer(PodInfo.of(pod), schedule(pod));
    }

    private void victims(Pod pod, String node, String... names) {
        assertThat(answer(pod)).isInstanceOfSatisfying(Preemption.Answer.Victims.class, victims -> {
            assertThat(victims.node()).isEqualTo(node);
            assertThat(victims.pods()).extracting(Pod::name).containsExactly(names);
        });
    }

    private void none(Pod pod, String why) {
        assertThat(answer(pod).text()).isEqualTo(" no new claims to deallocate, preemption: " + why);
    }

    @Test
    void asFewAndAsUnimportantPodsGoAsCan() {
        node("x", 10, "");
        runs("a", "x", 1, 2);
        runs("b", "x", 2, 3);
        runs("c", "x", 3, 4);
        victims(pod("p", 4, 5, "", ""), "x", "b", "a");
        victims(pod("p", 4, 3, "", ""), "x", "a");
        victims(pod("p", 4, 10, "", ""), "x", "c", "b", "a");
        victims(pod("p", 2, 3, "", ""), "x", "a");
    }

    @Test
    void amongEqualsTheOneGoesThatStartedLast() {
        node("x", 4, "");
        runs("old", "x", 0, 2, "startTime: '2026-01-01T00:00:00Z'");
        runs("new", "x", 0, 2, "startTime: '2026-01-01T01:00:00Z'");
        victims(pod("p", 1, 2, "", ""), "x", "new");
        // What has not started yet is the newest.
        runs("new", "x", 0, 2, "startTime: '2025-12-31T00:00:00Z'");
        runs("old", "x", 0, 2, "");
        victims(pod("p", 1, 2, "", ""), "x", "old");
    }

    @Test
    void theNodeIsTheOneWithTheLeastLoss() {
        node("high", 4, "");
        runs("h", "high", 5, 4);
        node("two", 4, "");
        runs("t1", "two", 3, 2);
        runs("t2", "two", 3, 2);
        node("one", 4, "");
        runs("o", "one", 3, 4);
        victims(pod("p", 9, 4, "", ""), "one", "o");
        budget("o", 0);
        victims(pod("p", 9, 4, "", ""), "two", "t1", "t2");
        budget("t1", 0);
        victims(pod("p", 9, 4, "", ""), "high", "h");
    }

    @Test
    void budgetsAreKeptWhereOthersCanGo() {
        node("x", 4, "");
        runs("kept", "x", 0, 2, "");
        runs("other", "x", 1, 2);
        victims(pod("p", 2, 2, "", ""), "x", "kept");
        budget("kept", 0);
        victims(pod("p", 2, 2, "", ""), "x", "other");
        // When nothing else helps they are not.
        victims(pod("p", 2, 4, "", ""), "x", "other", "kept");
    }

    @Test
    void saysWhyItDoesNotHelp() {
        node("small", 1, "");
        node("tainted", 8, "taints: [{key: k, effect: NoSchedule}]");
        none(pod("p", 9, 2, "", ""), "0/2 nodes are available: 2 Preemption is not helpful for scheduling.");
        node("equal", 2, "");
        runs("e", "equal", 9, 2);
        none(
                pod("p", 9, 2, "", ""),
                "0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.");
        node("mixed", 2, "");
        runs("m", "mixed", 9, 1);
        runs("l", "mixed", 0, 1);
        none(
                pod("p", 9, 2, "", ""),
                "0/4 nodes are available: 1 Insufficient cpu, 1 No preemption victims found for incoming pod, 2 Preemption is not helpful for scheduling.");
        none(pod("p", 9, 1, ", preemptionPolicy: Never", ""), "not eligible due to preemptionPolicy=Never.");
        assertThat(answer(pod("p", 10, 2, ", preemptionPolicy: Never", "")).nominated(pod("p", 1, 1, "", "")))
                .isEmpty();
    }

    @Test
    void whoHasMadeRoomAlreadyWaitsForIt() {
        node("x", 2, "");
        var ending = pod(
                        "v",
                        0,
                        2,
                        ", nodeName: x",
                        "conditions: [{type: DisruptionTarget, status: 'True', reason: " + Preemption.REASON + "}]")
                .toBuilder()
                .metadata(
                        metadata -> metadata.name("v").namespace("ns").uid("v").deletionTimestamp(NOW))
                .build();
        state.place(ending);
        pods.put(ending.key(), ending);
        var pod = pod("p", 1, 2, "", "nominatedNodeName: x");
        none(pod, "not eligible due to a terminating pod on the nominated node.");
        assertThat(answer(pod).nominated(pod)).isEqualTo("x");
        victims(pod("p", 1, 2, "", ""), "x", "v");
    }

    @Test
    void roomThatIsBeingMadeIsNotForOthers() {
        node("x", 2, "");
        node("free", 2, "unschedulable: true");
        var nominee = pod("p", 5, 2, "", "nominatedNodeName: x");
        state.waiting(Pod.ABSENT, nominee);
        assertThat(schedule(pod("low", 4, 1, "", "")).scheduled()).isFalse();
        assertThat(schedule(pod("alike", 5, 1, "", "")).scheduled()).isFalse();
        assertThat(schedule(pod("high", 6, 1, "", "")).node()).isEqualTo("x");
        assertThat(schedule(nominee).node()).isEqualTo("x");
        state.assume(nominee, "x");
        assertThat(state.nominations().has(nominee.key())).isFalse();
        assertThat(schedule(pod("alike", 5, 1, "", "")).scheduled()).isFalse();
        // Whose binding failed waits in vain no longer than until it is seen again.
        state.forget(nominee.key());
        assertThat(schedule(pod("alike", 5, 1, "", "")).node()).isEqualTo("x");
    }

    /// Whoever goes, the pod fits then, and with any one of them back it would not.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void victimsAreEnoughAndNoneTooMany(long seed) {
        var random = new Random(seed);
        for (int n = 0; n < 4; n++) node("x" + n, 8, "");
        for (int i = 0; i < 40; i++) {
            var node = "x" + random.nextInt(4);
            runs("r" + i, node, random.nextInt(5), 1 + random.nextInt(2));
            if (random.nextInt(4) == 0) budget("r" + i, random.nextInt(2));
        }
        var pod = pod("p", 1 + random.nextInt(5), 1 + random.nextInt(6), "", "");
        if (!(answer(pod) instanceof Preemption.Answer.Victims victims)) return;
        var node = state.nodes().stream()
                .filter(each -> each.name().equals(victims.node()))
                .findFirst()
                .orElseThrow();
        var rest = node.copy();
        for (var victim : victims.pods()) {
            assertThat(victim.spec().priority()).isLessThan(pod.spec().priority());
            rest.remove(victim.key());
        }
        assertThat(cycle.reject(PodInfo.of(pod), rest)).isEmpty();
        for (var victim : victims.pods()) {
            var one = rest.copy();
            one.add(PodInfo.of(victim));
            assertThat(cycle.reject(PodInfo.of(pod), one)).as(victim.name()).isNotEmpty();
        }
    }
}
