package io.navarch.controllers.podautoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.FixedCaches;
import io.navarch.model.Resources;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HorizontalControllerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static final View AUTOSCALER = View.of(Yaml.parse("""
            metadata: {name: h, namespace: ns, uid: u, generation: 1}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}
              minReplicas: 1
              maxReplicas: 10
              metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
            """));

    private static View pod(int number) {
        return View.of(Yaml.parse("""
                metadata: {name: p%d, namespace: ns, labels: {app: d}, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: {containers: [{name: c, resources: {requests: {cpu: 100m}}}]}
                status: {phase: Running, conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:01:00Z"}]}
                """.formatted(number)));
    }

    /// Every pod uses so much CPU.
    private record Fixed(long replicas, long milli, String failure) implements Load {
        @Override
        public Size size(String namespace, View reference) {
            return new Size(replicas, replicas, "app=d");
        }

        @Override
        public List<Sample> resource(String namespace, String selector, String resource) {
            if (!failure.isEmpty()) throw new UnavailableException(failure);
            var result = new ArrayList<Sample>();
            for (int i = 0; i < replicas; i++) result.add(new Sample("p" + i, "c", milli));
            return result;
        }

        @Override
        public List<Sample> pods(String namespace, String selector, View metric) {
            throw new UnavailableException("none");
        }

        @Override
        public long object(String namespace, View described, View metric) {
            throw new UnavailableException("none");
        }

        @Override
        public List<Long> external(String namespace, View metric) {
            throw new UnavailableException("none");
        }
    }

    private static List<Action> decide(Fixed load) {
        var controller =
                new HorizontalController(load, () -> NOW, (namespace, reference) -> Resources.DEPLOYMENTS.untyped());
        var pods = new ArrayList<View>();
        for (int i = 0; i < load.replicas; i++) pods.add(pod(i));
        var caches = new FixedCaches()
                .with(Resources.PODS, pods)
                .with(Resources.HORIZONTAL_POD_AUTOSCALERS, List.of(AUTOSCALER));
        var seen = controller.observe(caches, new ObjectKey("ns", "h")).orElseThrow();
        return controller.decide(seen, NOW).actions();
    }

    private static Long replicas(List<Action> actions) {
        return actions.stream()
                .filter(Action.Patch.class::isInstance)
                .map(Action.Patch.class::cast)
                .filter(patch -> patch.subresource().equals("scale"))
                .map(patch -> View.of(patch.patch()).spec().get("replicas").longOr(-1))
                .findFirst()
                .orElse(null);
    }

    private static View status(List<Action> actions) {
        return actions.stream()
                .filter(Action.Update.class::isInstance)
                .map(action -> View.of(((Action.Update) action).object()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void twiceTheTargetIsTwiceThePods() {
        var actions = decide(new Fixed(3, 100, ""));
        assertThat(replicas(actions)).isEqualTo(6);
        assertThat(actions)
                .filteredOn(Action.RecordEvent.class::isInstance)
                .extracting(action -> ((Action.RecordEvent) action).reason().message())
                .containsExactly("New size: 6; reason: cpu resource utilization (percentage of request) above target");
        assertThat(status(actions).condition("ScalingActive")).isEqualTo("True");
    }

    @Test
    void withinTheToleranceNothingMoves() {
        assertThat(replicas(decide(new Fixed(3, 54, "")))).isNull();
        assertThat(replicas(decide(new Fixed(3, 46, "")))).isNull();
    }

    @Test
    void lessLoadIsFewerPods() {
        assertThat(replicas(decide(new Fixed(8, 10, "")))).isEqualTo(2);
    }

    @Test
    void withoutMetricsItSaysSoAndLeavesThingsAlone() {
        var actions = decide(new Fixed(3, 0, "unable to fetch metrics from resource metrics API"));
        assertThat(replicas(actions)).isNull();
        var condition = status(actions).status().get("conditions").find("type", "ScalingActive");
        assertThat(condition.get("status").string()).isEqualTo("False");
        assertThat(condition.get("reason").string()).isEqualTo("FailedGetResourceMetric");
        assertThat(condition.get("message").string())
                .isEqualTo(
                        "the HPA was unable to compute the replica count: failed to get cpu resource metric value: unable to fetch metrics from resource metrics API");
    }
}
