package io.navarch.controllers.podautoscaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.FixedCaches;
import io.navarch.controllers.podautoscaler.Measurement.Sample;
import io.navarch.controllers.podautoscaler.metrics.MetricsReadStep;
import io.navarch.controllers.podautoscaler.metrics.MetricsSource;
import io.navarch.model.ConditionStatus;
import io.navarch.model.CrossVersionObjectReference;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.HorizontalPodAutoscalerCondition;
import io.navarch.model.HorizontalPodAutoscalerStatus;
import io.navarch.model.MetricIdentifier;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Scale;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HorizontalPodAutoscalerControllerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private static final HorizontalPodAutoscaler AUTOSCALER = HorizontalPodAutoscaler.of(View.of(Yaml.parse("""
            metadata: {name: h, namespace: ns, uid: u, generation: 1}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}
              minReplicas: 1
              maxReplicas: 10
              metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
            """)));

    private static Pod pod(int number) {
        return Pod.of(View.of(Yaml.parse("""
                metadata: {name: p%d, namespace: ns, labels: {app: d}, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: {containers: [{name: c, resources: {requests: {cpu: 100m}}}]}
                status: {phase: Running, conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:01:00Z"}]}
                """.formatted(number))));
    }

    /// Every pod uses this much CPU.
    private record Fixed(int replicas, long milli, String failure) implements MetricsSource {
        @Override
        public ScaleTarget target(String namespace, CrossVersionObjectReference reference) {
            return new ScaleTarget(Resources.DEPLOYMENTS, replicas, replicas, "app=d");
        }

        @Override
        public List<Sample> resource(String namespace, String selector, String resource) {
            if (!failure.isEmpty()) throw new MetricUnavailableException(failure);
            return IntStream.range(0, replicas)
                    .mapToObj(pod -> new Sample("p" + pod, "c", milli))
                    .toList();
        }

        @Override
        public List<Sample> pods(String namespace, String selector, MetricIdentifier metric) {
            throw new MetricUnavailableException("none");
        }

        @Override
        public long object(String namespace, CrossVersionObjectReference described, MetricIdentifier metric) {
            throw new MetricUnavailableException("none");
        }

        @Override
        public List<Long> external(String namespace, MetricIdentifier metric) {
            throw new MetricUnavailableException("none");
        }
    }

    private static List<Action> decide(Fixed load) {
        return decide(load, AUTOSCALER);
    }

    private static List<Action> decide(Fixed load, HorizontalPodAutoscaler autoscaler) {
        var controller = new HorizontalPodAutoscalerController();
        var caches = new FixedCaches()
                .with(
                        Resources.PODS,
                        IntStream.range(0, load.replicas)
                                .mapToObj(HorizontalPodAutoscalerControllerTest::pod)
                                .toList())
                .with(Resources.HORIZONTAL_POD_AUTOSCALERS, List.of(autoscaler));
        var seen = controller.observe(caches, new ObjectKey("ns", "h")).orElseThrow();
        var read = new MetricsReadStep(load, () -> 0L).read(seen, NOW);
        return controller.decide(read, NOW).actions();
    }

    /// The size that the target is set to, if it is set.
    private static Optional<Integer> replicas(List<Action> actions) {
        return actions.stream()
                .filter(Action.Patch.class::isInstance)
                .map(Action.Patch.class::cast)
                .filter(patch -> patch.subresource().equals("scale"))
                .map(patch -> Scale.of(View.of(patch.patch())).spec().replicas())
                .findFirst();
    }

    private static HorizontalPodAutoscalerStatus status(List<Action> actions) {
        return actions.stream()
                .filter(Action.Update.class::isInstance)
                .map(action -> HorizontalPodAutoscaler.of(View.of(((Action.Update) action).object())))
                .map(HorizontalPodAutoscaler::status)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> events(List<Action> actions) {
        return actions.stream()
                .filter(Action.RecordEvent.class::isInstance)
                .map(action -> ((Action.RecordEvent) action).reason())
                .map(reason -> reason.reason() + ": " + reason.message())
                .toList();
    }

    private static HorizontalPodAutoscalerCondition scalingActive(List<Action> actions) {
        return status(actions).conditions().stream()
                .filter(condition -> condition.type().equals("ScalingActive"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void twiceTheTargetIsTwiceThePods() {
        var actions = decide(new Fixed(3, 100, ""));
        assertThat(replicas(actions)).hasValue(6);
        assertThat(actions)
                .filteredOn(Action.RecordEvent.class::isInstance)
                .extracting(action -> ((Action.RecordEvent) action).reason().message())
                .containsExactly("New size: 6; reason: cpu resource utilization (percentage of request) above target");
        assertThat(scalingActive(actions).status()).isEqualTo(ConditionStatus.TRUE);
    }

    @Test
    void withinTheToleranceNothingMoves() {
        assertThat(replicas(decide(new Fixed(3, 54, "")))).isEmpty();
        assertThat(replicas(decide(new Fixed(3, 46, "")))).isEmpty();
    }

    @Test
    void lessLoadIsFewerPods() {
        assertThat(replicas(decide(new Fixed(8, 10, "")))).hasValue(2);
    }

    @Test
    void withoutMetricsItSaysSoAndLeavesThingsAlone() {
        var actions = decide(new Fixed(3, 0, "unable to fetch metrics from resource metrics API"));
        assertThat(replicas(actions)).isEmpty();
        var condition = scalingActive(actions);
        assertThat(condition.status()).isEqualTo(ConditionStatus.FALSE);
        assertThat(condition.reason()).isEqualTo("FailedGetResourceMetric");
        assertThat(condition.message())
                .isEqualTo(
                        "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to fetch metrics from resource metrics API");
    }

    @Test
    void anUnreadMetricHasAnEmptyPlaceInTheStatus() {
        var actions = decide(new Fixed(3, 0, "gone"));
        assertThat(status(actions).currentMetrics())
                .extracting(metric -> View.over(metric).map().toString())
                .containsExactly("{type=}");
        assertThat(status(actions).currentReplicas()).isEqualTo(3);
        assertThat(status(actions).hasObservedGeneration()).isFalse();
        assertThat(events(actions))
                .containsExactly(
                        "FailedGetResourceMetric: failed to get cpu utilization: gone",
                        "FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: "
                                + "failed to get cpu resource metric value: failed to get cpu utilization: gone");
    }

    private static final HorizontalPodAutoscaler TWO_METRICS = HorizontalPodAutoscaler.of(View.of(Yaml.parse("""
            metadata: {name: h, namespace: ns, uid: u, generation: 1}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d}
              minReplicas: 2
              maxReplicas: 10
              metrics:
              - {type: External, external: {metric: {name: e}, target: {type: Value, value: '1'}}}
              - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
            """)));

    @Test
    void whatCanBeReadIsEnoughForMorePods() {
        var actions = decide(new Fixed(3, 100, ""), TWO_METRICS);
        assertThat(replicas(actions)).hasValue(6);
        assertThat(scalingActive(actions).status()).isEqualTo(ConditionStatus.TRUE);
        assertThat(events(actions))
                .containsExactlyInAnyOrder(
                        "FailedGetExternalMetric: none",
                        "SuccessfulRescale: New size: 6; reason: cpu resource utilization (percentage of request) above target");
    }

    @Test
    void whatCanBeReadIsNotEnoughForFewer() {
        var actions = decide(new Fixed(8, 10, ""), TWO_METRICS);
        assertThat(replicas(actions)).isEmpty();
        assertThat(scalingActive(actions).reason()).isEqualTo("FailedGetExternalMetric");
        assertThat(events(actions))
                .last()
                .isEqualTo("FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 2), first error is: "
                        + "failed to get e external metric value: failed to get external metric e: none");
    }

    @Test
    void aSizeOutOfBoundsIsMendedWithoutMetrics() {
        var actions = decide(new Fixed(1, 0, "gone"), TWO_METRICS);
        assertThat(replicas(actions)).hasValue(2);
        assertThat(events(actions))
                .containsExactly(
                        "SuccessfulRescale: New size: 2; reason: Current number of replicas below Spec.MinReplicas");
    }
}
