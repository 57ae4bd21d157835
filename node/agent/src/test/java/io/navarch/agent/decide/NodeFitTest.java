package io.navarch.agent.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.agent.decide.NodeFit.Taken;
import io.navarch.model.Node;
import io.navarch.model.Pod;
import io.navarch.objects.Quantity;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeFitTest {
    private static final Map<String, Quantity> NODE =
            Map.of("cpu", Quantity.parse("2"), "memory", Quantity.parse("1Gi"), "pods", Quantity.parse("3"));

    private static Taken taken(String container) {
        return Taken.of(Pod.of(View.of(Yaml.parse("spec: {containers: [{name: c, " + container + "}]}"))));
    }

    private static String rejection(Taken wanted, Taken... others) {
        return NodeFit.rejection(Pod.ABSENT, wanted, List.of(others), NODE, Node.ABSENT)
                .map(each -> each.reason() + ": " + each.message())
                .orElse("");
    }

    @Test
    void aPortOfTheNodeBelongsToOnePod() {
        var one = taken("ports: [{containerPort: 80, hostPort: 21017}]");
        assertThat(rejection(one, taken("ports: [{containerPort: 1, hostPort: 21017}]")))
                .isEqualTo("NodePorts: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod"
                        + " ports");
        assertThat(rejection(one, taken("ports: [{containerPort: 1, hostPort: 21017, protocol: UDP}]")))
                .isEmpty();
        assertThat(rejection(one, taken("ports: [{containerPort: 1, hostPort: 21018}]")))
                .isEmpty();
        assertThat(rejection(one, taken("ports: [{containerPort: 1, hostPort: 21017, hostIP: 10.0.0.1}]")))
                .startsWith("NodePorts");
        assertThat(rejection(
                        taken("ports: [{containerPort: 80, hostPort: 21017, hostIP: 10.0.0.2}]"),
                        taken("ports: [{containerPort: 1, hostPort: 21017, hostIP: 10.0.0.1}]")))
                .isEmpty();
    }

    private static String placed(String spec, String node) {
        var pod = Pod.of(View.of(Yaml.parse("metadata: {uid: u}\nspec: {containers: [{name: c}], " + spec + "}")));
        return NodeFit.rejection(pod, Taken.of(pod), List.of(), NODE, Node.of(View.of(Yaml.parse(node))))
                .map(each -> each.reason() + ": " + each.message())
                .orElse("");
    }

    @Test
    void aPodThatWantsAnotherNodeIsRefused() {
        var node = "{metadata: {name: n, labels: {disk: ssd}}}";
        assertThat(placed("nodeSelector: {disk: ssd}", node)).isEmpty();
        var refused = "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
        assertThat(placed("nodeSelector: {disk: hdd}", node)).isEqualTo(refused);
        var affinity = "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms:"
                + " [{matchExpressions: [{key: disk, operator: NotIn, values: [%s]}]}]}}}";
        assertThat(placed(affinity.formatted("ssd"), node)).isEqualTo(refused);
        assertThat(placed(affinity.formatted("hdd"), node)).isEmpty();
        assertThat(NodeFit.rejection(Pod.ABSENT, taken("image: i"), List.of(), NODE, Node.ABSENT))
                .isEmpty();
    }

    @Test
    void ofTaintsOnlyThoseCountThatEndPods() {
        var node = "{metadata: {name: n}, spec: {taints: [{key: a, value: b, effect: %s}]}}";
        assertThat(placed("restartPolicy: Never", node.formatted("NoSchedule"))).isEmpty();
        assertThat(placed("restartPolicy: Never", node.formatted("NoExecute")))
                .isEqualTo("TaintToleration: Predicate TaintToleration failed: node(s) had taints that the pod didn't"
                        + " tolerate");
        assertThat(placed("tolerations: [{key: a, value: b, effect: NoExecute}]", node.formatted("NoExecute")))
                .isEmpty();
    }

    @Test
    void whatPodsAskForIsNotGivenTwice() {
        var half = taken("resources: {requests: {cpu: 1200m, memory: 512Mi}}");
        assertThat(rejection(half)).isEmpty();
        assertThat(rejection(half, half))
                .isEqualTo(
                        "OutOfcpu: Node didn't have enough resource: cpu, requested: 1200, used: 1200, capacity: 2000");
        assertThat(rejection(taken("resources: {requests: {memory: 513Mi}}"), half))
                .isEqualTo(
                        "OutOfmemory: Node didn't have enough resource: memory, requested: 537919488, used: 536870912,"
                                + " capacity: 1073741824");
        var nothing = taken("image: i");
        assertThat(rejection(nothing, half, half)).isEmpty();
        assertThat(rejection(nothing, nothing, nothing, nothing))
                .isEqualTo("OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3");
    }

    @Test
    void whatOnlySomeNodesHaveIsCountedWhereItIs() {
        var node = Map.of("example.com/dongle", Quantity.parse("1"), "hugepages-2Mi", Quantity.ZERO);
        var dongle = taken("resources: {requests: {example.com/dongle: 1, example.com/elsewhere: 7}}");
        assertThat(NodeFit.rejection(Pod.ABSENT, dongle, List.of(), node, Node.ABSENT))
                .isEmpty();
        assertThat(NodeFit.crowded(dongle, List.of(dongle), node))
                .extracting(lack -> lack.resource() + " " + lack.amount() + " "
                        + lack.rejection().reason())
                .containsExactly("example.com/dongle 1 OutOfexample.com/dongle");
        assertThat(NodeFit.crowded(taken("resources: {requests: {hugepages-2Mi: 4Mi}}"), List.of(), node))
                .extracting(lack -> lack.rejection().message())
                .containsExactly("Node didn't have enough resource: hugepages-2Mi, requested: 4194304, used: 0,"
                        + " capacity: 0");
    }
}
