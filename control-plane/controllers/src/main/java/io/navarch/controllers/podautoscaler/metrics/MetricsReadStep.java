package io.navarch.controllers.podautoscaler.metrics;

import io.navarch.controllers.podautoscaler.AutoscalerReason;
import io.navarch.controllers.podautoscaler.AutoscalerState;
import io.navarch.controllers.podautoscaler.AutoscalerState.Computation;
import io.navarch.controllers.podautoscaler.AutoscalerState.Failure;
import io.navarch.controllers.podautoscaler.AutoscalerState.Readings;
import io.navarch.controllers.podautoscaler.Measurement;
import io.navarch.controllers.podautoscaler.MetricUnavailableException;
import io.navarch.controllers.podautoscaler.Proposal;
import io.navarch.controllers.podautoscaler.ScaleTarget;
import io.navarch.model.HorizontalPodAutoscaler;
import io.navarch.model.HorizontalPodAutoscalerConditionType;
import io.navarch.model.MetricSpec;
import io.navarch.model.MetricTarget;
import io.navarch.objects.LabelSelectorParser;
import io.navarch.objects.ObjectKey;
import io.navarch.reconcile.ReadStep;
import io.navarch.reconcile.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Reads the size and the load of what an autoscaler scales, and remembers what was recommended.
public final class MetricsReadStep implements ReadStep<AutoscalerState> {
    private final MetricsSource source;
    private final LongSupplier nanos;
    /// Of one autoscaler only one worker reads at a time; different ones may at once.
    private final Map<ObjectKey, Remembered> histories = new ConcurrentHashMap<>();

    /// @param uid of the autoscaler: another one of the same name begins anew
    private record Remembered(String uid, ScalingHistory history) {}

    /// @param nanos measures how long reading takes
    public MetricsReadStep(MetricsSource source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
    }

    private record FailedGetMetric(String type, String told) implements Reason {
        @Override
        public String reason() {
            return "FailedGet" + type + "Metric";
        }

        @Override
        public String message() {
            return "the HPA was unable to compute the replica count: " + told;
        }
    }

    @Override
    public AutoscalerState read(AutoscalerState seen, Instant now) {
        var autoscaler = seen.autoscaler();
        if (!autoscaler.exists() || autoscaler.deleting()) {
            histories.remove(seen.key());
            return seen;
        }
        var history = history(seen.key(), autoscaler.uid());
        try {
            var target = source.target(autoscaler.namespace(), autoscaler.spec().scaleTargetRef());
            return seen.with(read(seen, target, history, now));
        } catch (MetricUnavailableException e) {
            var failure = new Failure(
                    HorizontalPodAutoscalerConditionType.ABLE_TO_SCALE,
                    AutoscalerReason.FAILED_GET_SCALE.about(e.why()),
                    e.why());
            return seen.with(readings(Optional.empty(), List.of(), List.of(failure), List.of(), history));
        }
    }

    private ScalingHistory history(ObjectKey key, String uid) {
        return histories.compute(
                        key,
                        (same, known) -> known != null && known.uid.equals(uid)
                                ? known
                                : new Remembered(uid, new ScalingHistory()))
                .history;
    }

    private static Readings readings(
            Optional<ScaleTarget> target,
            List<Proposal> proposals,
            List<Failure> failures,
            List<Computation> computations,
            ScalingHistory history) {
        return new Readings(target, proposals, failures, computations, history.recommendations(), history.changes());
    }

    private Readings read(AutoscalerState seen, ScaleTarget target, ScalingHistory history, Instant now) {
        var proposals = new ArrayList<Proposal>();
        var failures = new ArrayList<Failure>();
        var computations = new ArrayList<Computation>();
        if (target.replicas() > 0) {
            history.sized(target.replicas(), now);
            var selector = LabelSelectorParser.parse(target.selector());
            var pods = seen.pods().stream()
                    .filter(pod -> selector.matches(pod.labels()))
                    .toList();
            var inputs = new Proposal.Inputs(target, pods, now);
            for (var metric : seen.autoscaler().spec().metrics()) {
                long began = nanos.getAsLong();
                Optional<Long> wanted = Optional.empty();
                try {
                    var proposal = Proposal.of(metric, measure(seen.autoscaler(), target, metric), inputs);
                    proposals.add(proposal);
                    wanted = Optional.of(proposal.replicas());
                } catch (MetricUnavailableException e) {
                    failures.add(failure(metric, e));
                }
                computations.add(new Computation(
                        metric.raw(MetricSpec.TYPE).string(), wanted, Duration.ofNanos(nanos.getAsLong() - began)));
            }
        }
        var readings = readings(Optional.of(target), proposals, failures, computations, history);
        if (!proposals.isEmpty()) history.recommended(readings.wanted(), now);
        return readings;
    }

    private Measurement measure(HorizontalPodAutoscaler autoscaler, ScaleTarget target, MetricSpec metric) {
        var namespace = autoscaler.namespace();
        var selector = target.selector();
        return switch (metric.type()) {
            case RESOURCE ->
                Measurement.ofPods(
                        source.resource(namespace, selector, metric.resource().name()));
            case CONTAINER_RESOURCE ->
                Measurement.ofPods(source.resource(
                        namespace, selector, metric.containerResource().name()));
            case PODS ->
                Measurement.ofPods(
                        source.pods(namespace, selector, metric.pods().metric()));
            case OBJECT ->
                Measurement.ofTotal(source.object(
                        namespace,
                        metric.object().describedObject(),
                        metric.object().metric()));
            case EXTERNAL ->
                Measurement.ofTotal(source.external(namespace, metric.external().metric()).stream()
                        .mapToLong(Long::longValue)
                        .sum());
            default -> throw Proposal.unknown(metric);
        };
    }

    private static Failure failure(MetricSpec metric, MetricUnavailableException e) {
        var type = metric.raw(MetricSpec.TYPE).string();
        var told = switch (metric.type()) {
            case RESOURCE ->
                "failed to get " + metric.resource().name()
                        + used(metric.resource().target()) + e.why();
            case CONTAINER_RESOURCE ->
                "failed to get " + metric.containerResource().name()
                        + used(metric.containerResource().target()) + e.why();
            case PODS ->
                "unable to get metric " + metric.pods().metric().name()
                        + ": unable to fetch metrics from custom metrics API: " + e.why();
            default -> "failed to get " + type.toLowerCase(Locale.ROOT) + " metric value: " + e.why();
        };
        return new Failure(HorizontalPodAutoscalerConditionType.SCALING_ACTIVE, new FailedGetMetric(type, told), told);
    }

    private static String used(MetricTarget target) {
        return target.hasAverageUtilization() ? " utilization: " : " usage: ";
    }
}
