package io.navarch.controllers.podautoscaler;

import io.navarch.client.Caches;
import io.navarch.controllers.podautoscaler.AutoscalerState.Readings;
import io.navarch.kinds.support.Conditions;
import io.navarch.model.ConditionStatus;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.HorizontalPodAutoscalerCondition;
import io.navarch.model.HorizontalPodAutoscalerConditionType;
import io.navarch.model.HorizontalPodAutoscalerStatus;
import io.navarch.model.MetricStatus;
import io.navarch.model.Resources;
import io.navarch.model.Scale;
import io.navarch.objects.ObjectKey;
import io.navarch.process.Metric;
import io.navarch.reconcile.Action;
import io.navarch.reconcile.Controller;
import io.navarch.reconcile.ControllerWiring;
import io.navarch.reconcile.Decision;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sets the size of a workload by the load on it.
///
/// Source: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
public final class HorizontalPodAutoscalerController implements Controller<AutoscalerState> {
    /// kube-controller-manager's `--horizontal-pod-autoscaler-sync-period`.
    private static final Duration PERIOD = Duration.ofSeconds(15);

    /// Stands in the status for a metric that could not be read.
    private static final MetricStatus UNREAD = new MetricStatus(Map.of(MetricStatus.TYPE, ""));

    @Override
    public ControllerWiring wiring() {
        return ControllerWiring.of("horizontal-pod-autoscaler")
                .queue("horizontalpodautoscaler")
                .watches(Resources.HORIZONTAL_POD_AUTOSCALERS, Controller::self)
                .reads(Resources.PODS)
                .may("autoscaling", "horizontalpodautoscalers/status", "update")
                .may("*", "*/scale", "get,update,patch")
                .may("metrics.k8s.io", "pods", "list")
                .may("custom.metrics.k8s.io", "*", "get,list")
                .may("external.metrics.k8s.io", "*", "get,list")
                .metrics(AutoscalerMetrics.ALL)
                .build();
    }

    @Override
    public List<Metric.Sample> syncMetrics(AutoscalerState seen, Decision decision, Duration took, boolean failed) {
        return seen.gone() ? List.of() : AutoscalerMetrics.synced(seen, decision.actions(), took, failed);
    }

    @Override
    public Optional<AutoscalerState> observe(Caches caches, ObjectKey key) {
        var autoscaler = caches.of(Resources.HORIZONTAL_POD_AUTOSCALERS).get(key);
        var pods = caches.of(Resources.PODS).inNamespace(key.namespace());
        return Optional.of(new AutoscalerState(key, autoscaler, pods, Readings.NONE));
    }

    /// What a pass finds out, as a condition.
    private record Finding(String condition, ConditionStatus status, Reason reason) {
        static Finding of(String condition, boolean status, Reason reason) {
            return new Finding(condition, status ? ConditionStatus.TRUE : ConditionStatus.FALSE, reason);
        }

        static Finding ableToScale(Reason reason) {
            return of(HorizontalPodAutoscalerConditionType.ABLE_TO_SCALE, true, reason);
        }

        static Finding active(boolean status, Reason reason) {
            return of(HorizontalPodAutoscalerConditionType.SCALING_ACTIVE, status, reason);
        }
    }

    /// The size that the target should have.
    ///
    /// @param why it is that, empty when it stays as it is
    /// @param metrics what was read for it
    private record Sizing(int desired, Optional<String> why, List<Finding> findings, List<MetricStatus> metrics) {
        static Sizing of(int desired, Optional<String> why, Finding... findings) {
            return new Sizing(desired, why, List.of(findings), List.of());
        }
    }

    @Override
    public Decision decide(AutoscalerState seen, Instant now) {
        if (seen.gone()) return Decision.NOTHING;
        var autoscaler = seen.autoscaler();
        var decision = Decision.builder().requeueAfter(PERIOD);
        var readings = seen.readings();
        for (var failure : readings.failures())
            decision.event(Action.RecordEvent.warning(autoscaler, failure.event()))
                    .waitingOn(failure.reason());
        readings.stuck()
                .ifPresent(why -> decision.event(Action.RecordEvent.warning(
                        autoscaler, AutoscalerReason.FAILED_COMPUTE_METRICS_REPLICAS.about(why))));
        var findings = new ArrayList<Finding>();
        var status = autoscaler.status().toBuilder();
        if (readings.target().isEmpty()) {
            for (var failure : readings.failures())
                findings.add(Finding.of(failure.condition(), false, failure.reason()));
        } else {
            var target = readings.target().get();
            var sizing = size(seen, target, now);
            findings.add(Finding.ableToScale(AutoscalerReason.SUCCEEDED_GET_SCALE.plain()));
            findings.addAll(sizing.findings);
            // No generation: the original tells none either.
            status = HorizontalPodAutoscalerStatus.builder()
                    .currentReplicas(target.replicas())
                    .desiredReplicas(sizing.desired)
                    .lastScaleTime(autoscaler.status().lastScaleTime());
            if (!sizing.metrics.isEmpty()) status.currentMetrics(sizing.metrics);
            if (sizing.why.isPresent() && sizing.desired != target.replicas()) {
                decision.changes(rescale(autoscaler, target, sizing.desired, sizing.why.get()));
                status.lastScaleTime(now);
                findings.add(Finding.ableToScale(AutoscalerReason.SUCCEEDED_RESCALE.about("" + sizing.desired)));
            }
        }
        status.conditions(conditions(autoscaler, findings, now));
        return decision.status(
                        Action.Update.statusIfChanged(Resources.HORIZONTAL_POD_AUTOSCALERS, autoscaler, status.build()))
                .build();
    }

    /// Of several findings of one condition the last one counts.
    private static List<HorizontalPodAutoscalerCondition> conditions(
            HorizontalPodAutoscaler autoscaler, List<Finding> findings, Instant now) {
        var before = autoscaler.status().conditions();
        var result = before;
        for (var finding : findings)
            result = Conditions.with(
                    result,
                    Conditions.of(
                            before,
                            HorizontalPodAutoscalerCondition::of,
                            finding.condition,
                            finding.status,
                            finding.reason.reason(),
                            finding.reason.message(),
                            now));
        return result;
    }

    private static List<Action> rescale(HorizontalPodAutoscaler autoscaler, ScaleTarget target, int size, String why) {
        var name = autoscaler.spec().scaleTargetRef().name();
        var scale = Scale.builder().spec(spec -> spec.replicas(size)).build();
        return List.of(
                new Action.Patch(target.type(), new ObjectKey(autoscaler.namespace(), name), "scale", scale),
                Action.RecordEvent.normal(
                        autoscaler, AutoscalerReason.SUCCESSFUL_RESCALE.about(size + "; reason: " + why)));
    }

    private static Sizing size(AutoscalerState seen, ScaleTarget target, Instant now) {
        var spec = seen.autoscaler().spec();
        int least = spec.minReplicasOr(1);
        int most = spec.maxReplicasOr(1);
        int current = target.replicas();
        if (current == 0 && least != 0)
            return Sizing.of(0, Optional.empty(), Finding.active(false, AutoscalerReason.SCALING_DISABLED.plain()));
        if (current > most) return Sizing.of(most, Optional.of("Current number of replicas above Spec.MaxReplicas"));
        if (current < least) return Sizing.of(least, Optional.of("Current number of replicas below Spec.MinReplicas"));
        return seen.readings().stuck().isPresent() ? stuck(seen) : byMetrics(seen, current, least, most, now);
    }

    private static List<MetricStatus> statuses(List<Optional<Proposal>> metrics) {
        return metrics.stream()
                .map(metric -> metric.map(Proposal::status).orElse(UNREAD))
                .toList();
    }

    /// What was wanted before stays said. Of several metrics that fail the condition tells of the first.
    private static Sizing stuck(AutoscalerState seen) {
        var first = seen.readings().failures().getFirst();
        return new Sizing(
                seen.autoscaler().status().desiredReplicas(),
                Optional.empty(),
                List.of(Finding.of(first.condition(), false, first.reason())),
                statuses(seen.readings().metrics()));
    }

    private static Sizing byMetrics(AutoscalerState seen, int current, int least, int most, Instant now) {
        var readings = seen.readings();
        var largest = Readings.largest(readings.metrics()).orElseThrow();
        long wanted = largest.replicas();
        var behaviour = seen.autoscaler().spec().behavior();
        var allowed = new ScalingRules(behaviour, readings.recommendations(), readings.changes(), now)
                .allow(current, wanted, least, most);
        var findings = List.of(
                Finding.active(true, AutoscalerReason.VALID_METRIC_FOUND.about(largest.name())),
                Finding.ableToScale(allowed.stabilised()
                        .orElse(AutoscalerReason.READY_FOR_NEW_SCALE)
                        .plain()),
                Finding.of(
                        HorizontalPodAutoscalerConditionType.SCALING_LIMITED,
                        !allowed.limit().equals(AutoscalerReason.DESIRED_WITHIN_RANGE),
                        allowed.limit().plain()));
        return new Sizing(
                (int) allowed.replicas(),
                Optional.of(wanted > current ? largest.name() + " above target" : "All metrics below target"),
                findings,
                statuses(readings.metrics()));
    }
}
