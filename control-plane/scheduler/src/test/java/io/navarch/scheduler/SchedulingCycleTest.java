package io.navarch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulingCycleTest {
    private final SchedulingCycle cycle = new SchedulingCycle(Plugins.defaults(), new Random(1));

    private static NodeState node(String name, String cpu, String more) {
        return new NodeState(
                Node.of(View.of(Yaml.parse("{metadata: {name: " + name + ", labels: {name: " + name + "}}, spec: {"
                        + more + "}, status: {allocatable: {cpu: '" + cpu + "', memory: 4Gi, pods: '110'}}}"))));
    }

    private static Pod pod(String cpu, String more) {
        return Pod.of(View.of(Yaml.parse(
                "{metadata: {name: p, namespace: ns}, spec: {containers: [{name: c, resources: {requests: {cpu: '" + cpu
                        + "'}}}]" + more + "}}")));
    }

    private SchedulingCycle.Outcome schedule(Pod pod, List<NodeState> nodes) {
        return cycle.schedule(PodInfo.of(pod), nodes);
    }

    @Test
    void saysForEveryNodeWhyNot() {
        var nodes = List.of(
                node("small", "1", ""),
                node("closed", "8", "unschedulable: true"),
                node("tainted", "8", "taints: [{key: k, effect: NoSchedule}]"),
                node("other", "8", ""));
        var outcome = schedule(pod("2", ", nodeSelector: {name: tainted}"), nodes);
        assertThat(outcome.scheduled()).isFalse();
        assertThat(outcome.message())
                .isEqualTo(
                        "0/4 nodes are available: 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector.");
        assertThat(schedule(pod("2", ""), List.of(node("small", "1", ""))).message())
                .isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
        assertThat(schedule(pod("1", ""), List.of()).message()).isEqualTo("no nodes available to schedule pods");
    }

    @Test
    void honoursTolerationsPortsAndPreferences() {
        var tainted = node("tainted", "8", "taints: [{key: k, effect: NoSchedule}]");
        assertThat(schedule(pod("1", ", tolerations: [{key: k, operator: Exists}]"), List.of(tainted))
                        .node())
                .isEqualTo("tainted");
        var busy = node("busy", "8", "");
        var withPort = Pod.of(
                View.of(Yaml.parse("{spec: {containers: [{name: c, ports: [{containerPort: 80, hostPort: 80}]}]}}")));
        busy.add(PodInfo.of(withPort));
        assertThat(schedule(withPort, List.of(busy, node("free", "8", ""))).node())
                .isEqualTo("free");
        var wish =
                ", affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference: {matchExpressions: [{key: name, operator: In, values: [b]}]}}]}}";
        assertThat(schedule(pod("1", wish), List.of(node("a", "8", ""), node("b", "8", "")))
                        .node())
                .isEqualTo("b");
    }

    @Test
    void everyReasonOfEveryNodeIsAValue() {
        var outcome =
                schedule(pod("2", ""), List.of(node("small", "1", ""), node("closed", "8", "unschedulable: true")));
        assertThat(outcome.rejections())
                .containsEntry("small", List.of(new Rejection.Insufficient("cpu", true)))
                .containsEntry("closed", List.of(Rejection.Plain.UNSCHEDULABLE));
        assertThat(outcome.rejecting()).containsExactly("NodeResourcesFit", "NodeUnschedulable");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverOvercommitsAndSpreadsEqualPods(long seed) {
        var random = new Random(seed);
        var nodes = new ArrayList<NodeState>();
        for (int i = 0; i < 5; i++) nodes.add(node("n" + i, "4", ""));
        for (int i = 0; i < 60; i++) {
            var pod = pod((100 + random.nextInt(900)) + "m", "");
            var outcome = schedule(pod, nodes);
            if (!outcome.scheduled()) continue;
            nodes.stream()
                    .filter(node -> node.name().equals(outcome.node()))
                    .findFirst()
                    .orElseThrow()
                    .add(PodInfo.of(pod));
            for (var node : nodes)
                assertThat(node.requested("cpu")).as("seed %d", seed).isLessThanOrEqualTo(4000);
        }
        var counts = nodes.stream().mapToInt(node -> node.pods().size()).summaryStatistics();
        assertThat(counts.getMax() - counts.getMin())
                .as("spread, seed %d", seed)
                .isLessThanOrEqualTo(6);
    }
}
